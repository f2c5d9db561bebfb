// How these tests play: short plans, all outcomes collected.
import { type Outcome, type PlayOptions, play } from '../../loadtest/driver.ts'
import { type Arrival, plan } from '../../loadtest/plan.ts'
import { proof } from '../../loadtest/profiles.ts'

/** Checkouts only, always the same ones. */
export const arrivalsAt = (ratePerSecond: number, durationSeconds: number): Arrival[] =>
  plan({ ...proof, ratePerSecond, durationSeconds }, 7)

export const never = (): AbortSignal => new AbortController().signal

export async function outcomesOf(arrivals: Iterable<Arrival>, target: URL, options?: PlayOptions, signal = never()) {
  const outcomes: Outcome[] = []
  for await (const outcome of play(arrivals, target, signal, options)) outcomes.push(outcome)
  return outcomes
}

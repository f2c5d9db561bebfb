// The closed-model player: so many users, each of whom comes again as soon as they are answered. While the shop stands
// still they wait and ask for nothing, which is why they see so little of it.
import { performance } from 'node:perf_hooks'
import { createClient } from '../client.ts'
import { cutOffAfter } from '../driver.ts'
import { afterFailureMs, hasFailed, type Outcome } from '../outcome.ts'
import { wait } from '../pauses.ts'
import type { Arrival } from '../plan.ts'
import { createSessions } from '../sessions.ts'
import { type VisitDeps, visit } from '../visit.ts'

export type ClosedOptions = {
  users: number
  seconds: number
  /** Who comes next, whichever user it is; without an end. */
  arrivals: Iterator<Arrival>
  run: string
  tokens: Map<string, string>
  timeoutMs?: number
  graceMs?: number
}

/** Ends when the time is up and everybody is answered. */
export async function playClosed(
  target: URL,
  signal: AbortSignal,
  { users, seconds, arrivals, run, tokens, timeoutMs = 30_000, graceMs = 5000 }: ClosedOptions,
  report: (outcome: Outcome) => void,
): Promise<void> {
  using client = createClient(target, timeoutMs)
  using _ = cutOffAfter(graceMs, signal, client)
  const deps: VisitDeps = { client, sessions: createSessions(client, tokens), run, aheadMs: 0, signal }
  const untilMs = performance.now() + seconds * 1000
  const comeAgainAndAgain = async () => {
    while (performance.now() < untilMs && !signal.aborted) {
      const outcome = await visit(arrivals.next().value, performance.now(), deps)
      if (outcome === undefined) return
      report(fromSent(outcome))
      if (hasFailed(outcome)) await wait(afterFailureMs, signal)
    }
  }
  await Promise.all(Array.from({ length: users }, comeAgainAndAgain))
}

/** Nobody had said when they would come: they are due when they are sent, and never late. */
function fromSent({ isUnprepared: _, ...outcome }: Outcome): Outcome {
  const { dueEpochMs, startLagMs, requestMs, latencyMs } = outcome
  return { ...outcome, dueEpochMs: dueEpochMs + startLagMs, startLagMs: 0, latencyMs: requestMs ?? latencyMs }
}

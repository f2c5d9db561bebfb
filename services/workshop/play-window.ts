// Plays the checkouts of one window of a proof.
import { type Outcome, play } from '../../loadtest/driver.ts'
import { plan } from '../../loadtest/plan.ts'
import { type Profile, proof } from '../../loadtest/profiles.ts'

/** A step, for whoever watches; `isPassing` ones may be overwritten by the next. */
export type Progress = { says: string; isPassing?: boolean }

export type WindowOptions = {
  label: string
  target: URL
  seed: number
  ratePerSecond: number
  /** How long before it is due a checkout is prepared; see the driver. */
  aheadMs: number
  /** Session tokens by user id, kept from window to window. */
  tokens: Map<string, string>
  signal: AbortSignal
  onProgress: (progress: Progress) => void
  /** Comes besides; its outcomes are not looked at. */
  extraLoad?: Profile
}

/** The outcomes of a window's checkouts. @throws the reason of `signal` when that aborts. */
export async function playFor(seconds: number, options: WindowOptions): Promise<Outcome[]> {
  const { label, ratePerSecond, signal, onProgress, extraLoad } = options
  const outcomes: Outcome[] = []
  const total = Math.round(ratePerSecond * seconds)
  const telling = setInterval(() => {
    onProgress({ says: `${label}: ${outcomes.length} of ${total} checkouts`, isPassing: true })
  }, 1000)
  try {
    await Promise.all([
      playInto(outcomes, { ...proof, ratePerSecond, durationSeconds: seconds }, options),
      extraLoad && playInto([], { ...extraLoad, durationSeconds: seconds }, options),
    ])
  } finally {
    clearInterval(telling)
  }
  signal.throwIfAborted()
  return outcomes
}

async function playInto(outcomes: Outcome[], profile: Profile, options: WindowOptions): Promise<void> {
  const { target, seed, signal, tokens, aheadMs } = options
  for await (const outcome of play(plan(profile, seed), target, signal, { tokens, aheadMs })) outcomes.push(outcome)
}

// What became of one arrival. The type that both players, the report and the verifier share.
import type { Arrival } from './plan.ts'

/** Why an arrival has no answer: status is 0 and `code` is one of these or a system error such as `ECONNREFUSED`. */
export const noAnswer = {
  /** Never sent: too many others were under way. */
  dropped: 'dropped',
  /** No complete answer in time. */
  timeout: 'timeout',
  /** Cut off after the player was told to stop. */
  aborted: 'aborted',
} as const

/**
 * All times refer to the step that counts, the journey's last. It is *due* at `arrival.atMs` after the first arrival:
 * - `startLagMs`: sent − due. Preparation that was not ready in time shows here, and is told apart by `isUnprepared`.
 * - `requestMs`: complete answer − sent, the request's own time. Absent when it was never sent.
 * - `latencyMs`: complete answer − due = `startLagMs + requestMs`: what a user who came on time has waited.
 */
export type Outcome = {
  arrival: Arrival
  /** When it was due, on the wall clock: tells the windows of a proof apart. */
  dueEpochMs: number
  latencyMs: number
  startLagMs: number
  /** Sign-in or cart were not ready when it was due: it was sent late for the shop's sake, not for the player's. */
  isUnprepared?: true
  requestMs?: number
  /** HTTP status of the step that counts or of the step that failed before it; 0 without an answer. */
  status: number
  traceId?: string
  /** The shop said that it does not record this trace: there is no use in looking for it. */
  isUntraced?: true
  /** The error's code, as the shop gave it, or why there is no answer. */
  code?: string
  /** The preparation step that failed, so that the one that counts was never sent. */
  failedStep?: string
  orderId?: string
}

/** As much of an outcome as a report needs. Whoever keeps many of them keeps no carts. */
export type Measured = Omit<Outcome, 'arrival'> & { arrival: { persona: Pick<Arrival['persona'], 'cohort'> } }

/** An outcome on its way to the workshop, which knows the arrival by its iteration. `part` is that of the lesson. */
export type SentOutcome = Omit<Outcome, 'arrival'> & { iteration: number; part?: string }

/** Whether the step that counts was answered with success, however late. */
export const succeeded = (outcome: Pick<Outcome, 'status'>): boolean => outcome.status >= 200 && outcome.status < 300

/** Whether the shop itself could not do it, or gave no answer at all; a declined card is an answer like any other. */
export const hasFailed = ({ status }: Pick<Outcome, 'status'>): boolean => status === 0 || status >= 500

/** So long a user of the closed model waits after that: else a shop that refuses would be asked thousands of times a second. */
export const afterFailureMs = 100

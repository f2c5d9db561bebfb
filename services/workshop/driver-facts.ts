// What the driver itself has to say about a window, and the checkouts in it as evidence sees them.

import type { Outcome } from '../../loadtest/outcome.ts'
import { hasLatency, percentile } from '../../loadtest/report.ts'
import type { Sample } from '../lens/evidence.ts'

/** `unanswered` were never sent or cut off; `failed` were answered 5xx, some of them ahead of the checkout; `tracesMissing` answered, but not stored complete. */
export type DriverFacts = {
  arrivals: number
  startLagP99Ms: number
  unanswered: number
  failed: number
  tracesMissing: number
}

export function factsOf(outcomes: readonly Outcome[], tracesMissing: number): DriverFacts {
  return {
    arrivals: outcomes.length,
    startLagP99Ms: startLagP99Of(outcomes),
    unanswered: outcomes.filter((outcome) => !hasLatency(outcome)).length,
    failed: outcomes.filter((outcome) => outcome.status >= 500).length,
    tracesMissing,
  }
}

/** Whoever was to blame: checkouts that were sent late are no evidence of what became of them afterwards. */
function startLagP99Of(outcomes: readonly Outcome[]): number {
  const sent = outcomes.filter(({ requestMs }) => requestMs !== undefined)
  const lags = sent.map(({ startLagMs }) => startLagMs).sort((a, b) => a - b)
  return lags.length === 0 ? 0 : percentile(lags, 0.99)
}

/** Checkouts that were answered, or waited for in vain. */
export function samplesOf(outcomes: readonly Outcome[]): Sample[] {
  return outcomes.filter(hasLatency).map(({ traceId, isUntraced, latencyMs, status, dueEpochMs, arrival }) => ({
    ...(traceId === undefined ? {} : { traceId }),
    ...(isUntraced ? { isUntraced } : {}),
    ...{ latencyMs, status, startMs: dueEpochMs, cohort: arrival.persona.cohort },
  }))
}

// What the driver itself has to say about a window: whether its checkouts can be trusted to show how the shop was doing.
import type { Outcome } from '../../loadtest/outcome.ts'
import { hasLatency, summarise } from '../../loadtest/report.ts'
import type { Sample } from '../lens/evidence.ts'
import type { WindowName } from '../lens/verdict.ts'

/** `unanswered` were never sent or cut off; `failed` were answered 5xx; `tracesMissing` answered, but not stored complete. */
export type DriverFacts = {
  arrivals: number
  startLagP99Ms: number
  unanswered: number
  failed: number
  tracesMissing: number
}

/** Above this the driver was short of CPU, and what it measured is its own lateness. */
const mostStartLagMs = 50
/** Beyond this share (0–1) of arrivals something else is wrong than what is to be shown. */
const mostFailing = 0.01
const mostTracesMissing = 0.02
const fewestSamples = 400

export function factsOf(outcomes: readonly Outcome[], tracesMissing: number): DriverFacts {
  return {
    arrivals: outcomes.length,
    startLagP99Ms: summarise(outcomes).startLagP99Ms ?? 0,
    unanswered: outcomes.filter((outcome) => !hasLatency(outcome)).length,
    failed: outcomes.filter((outcome) => outcome.status >= 500).length,
    tracesMissing,
  }
}

/** The checkouts of a window as evidence sees them: those that were answered or waited for in vain. */
export function samplesOf(outcomes: readonly Outcome[]): Sample[] {
  return outcomes.filter(hasLatency).map(({ traceId, latencyMs, status, dueEpochMs, arrival }) => ({
    ...(traceId === undefined ? {} : { traceId }),
    ...{ latencyMs, status, startMs: dueEpochMs, cohort: arrival.persona.cohort },
  }))
}

/** Why the windows cannot be trusted, a sentence each; empty when they can. */
export function doubtsAbout(facts: Record<WindowName, DriverFacts>): string[] {
  return Object.entries(facts).flatMap(([name, window]) => doubtsOf(window).map((doubt) => `${name}: ${doubt}`))
}

function doubtsOf({ arrivals, startLagP99Ms, unanswered, failed, tracesMissing }: DriverFacts): string[] {
  const answered = arrivals - unanswered
  const isTooMany = (count: number, share: number) => count > arrivals * share
  return [
    answered >= fewestSamples ? [] : `${answered} checkouts were answered, ${fewestSamples} are needed`,
    startLagP99Ms <= mostStartLagMs
      ? []
      : `the driver was late: 1 % of checkouts were sent more than ${Math.round(startLagP99Ms)} ms after their time (at most ${mostStartLagMs} ms)`,
    isTooMany(unanswered, mostFailing) ? `${unanswered} of ${arrivals} checkouts got no answer at all` : [],
    isTooMany(failed, mostFailing) ? `${failed} of ${arrivals} checkouts were answered with a server error` : [],
    isTooMany(tracesMissing, mostTracesMissing)
      ? `${tracesMissing} of ${answered} traces were not complete in time`
      : [],
  ].flat()
}

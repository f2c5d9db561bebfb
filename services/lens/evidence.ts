// Evidence: claims about a window that pure functions judge and that a person can check with a pasted query. A claim that
// too little was observed for is inconclusive; one that enough was observed for and that shows nothing is failed.
import type { Evidence, Needs } from './evidence/types.ts'

export { askedAgain } from './evidence/asked-again.ts'
export { beforeLine } from './evidence/before-line.ts'
export { bunched } from './evidence/bunched.ts'
export { busier } from './evidence/busier.ts'
export { coincides } from './evidence/coincides.ts'
export { largestContributor } from './evidence/contributors.ts'
export { duringPeaks } from './evidence/during-peaks.ts'
export { found } from './evidence/found.ts'
export { healedByItself } from './evidence/healed.ts'
export { histogramAgrees } from './evidence/histogram-agrees.ts'
export {
  designBounds,
  type ImpactBounds,
  impactBound,
} from './evidence/impact-bound.ts'
export { inBursts } from './evidence/in-bursts.ts'
export { larger } from './evidence/larger.ts'
export { logLift } from './evidence/log-lift.ts'
export { type Loudness, loudest, loudness } from './evidence/loudest.ts'
export { missingEdge } from './evidence/missing-edge.ts'
export { isIn, isSlow, isVerdict, populationOf, shapeOf } from './evidence/population.ts'
export { quietLogs } from './evidence/quiet-logs.ts'
export { saturated } from './evidence/saturated.ts'
export { nothingSeparates, separates } from './evidence/separates.ts'
export { serialSiblings } from './evidence/serial-siblings.ts'
export { shared } from './evidence/shared.ts'
export { gap, ownTime, slowerSpan } from './evidence/slower-span.ts'
export { standsOut } from './evidence/stands-out.ts'
export { steadyMean } from './evidence/steady-mean.ts'
export { innocent, steadySelfTime } from './evidence/steady-self-time.ts'
export { takes } from './evidence/takes.ts'
export type { Cohort, Evidence, Needs, Observed, Query, Sample, State, Topic, Verdict } from './evidence/types.ts'
export { loggedUntraced, undertraced } from './evidence/undertraced.ts'
export { untracedLines } from './evidence/untraced-lines.ts'
export { objectiveOf, withinSlo } from './evidence/within-slo.ts'

/** Everything that has to be fetched for a list of evidence, each thing once. */
export function needsOf(evidence: readonly Evidence[]): Required<Needs> {
  return {
    logs: unique(evidence.flatMap(({ needs }) => needs.logs ?? [])),
    series: unique(evidence.flatMap(({ needs }) => needs.series ?? [])),
  }
}

const unique = <T>(items: readonly T[]): T[] => [...new Map(items.map((item) => [JSON.stringify(item), item])).values()]

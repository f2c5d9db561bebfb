// Metric evidence about the whole: only some checkouts are slow, and most are as fast as ever.
import { slo } from '../../kit/slo.ts'
import { wilson } from '../statistics.ts'
import { inMs, percent } from '../text.ts'
import { pasteCheckoutLatency } from './paste.ts'
import { shapeOf } from './population.ts'
import { type Evidence, inconclusive, type Observed, type Verdict } from './types.ts'

/** The bounds of the design; a scenario that collapses on purpose overrides them. Shares are 0–1. */
export type ImpactBounds = {
  medianRatioAtMost: number
  slowShare: readonly [atLeast: number, atMost: number]
  /** The 95 % interval of the slow share must lie above this. */
  intervalAbove: number
  fewestSamples: number
  calmMedianMsAtMost: number
  calmSlowShareAtMost: number
}

export const designBounds: ImpactBounds = {
  medianRatioAtMost: 1.25,
  slowShare: [0.02, 0.15],
  intervalAbove: 0.01,
  fewestSamples: 400,
  calmMedianMsAtMost: 160,
  calmSlowShareAtMost: 0.005,
}

/**
 * 2–15 % of the checkouts are over the SLO's threshold, beyond doubt more than 1 %, and the median is at most 1.25 × the calm
 * one. *Inconclusive* when a window has fewer than 400 checkouts, or when the calm one was not calm: then the machine is slow.
 */
export function impactBound(says: string, overrides: Partial<ImpactBounds> = {}): Evidence {
  const bounds = { ...designBounds, ...overrides }
  return {
    says,
    pillar: 'metrics',
    topic: 'impact',
    needs: {},
    judge: (now, calm) => judgeImpact(now, calm, bounds),
    paste: pasteCheckoutLatency,
  }
}

function judgeImpact(now: Observed, calm: Observed, bounds: ImpactBounds): Verdict {
  const [current, before] = [shapeOf(now), shapeOf(calm)]
  if (Math.min(current.total, before.total) < bounds.fewestSamples) {
    return inconclusive(
      `${current.total} checkouts now and ${before.total} when calm, ${bounds.fewestSamples} are needed`,
    )
  }
  if (before.medianMs > bounds.calmMedianMsAtMost || before.slowShare > bounds.calmSlowShareAtMost) {
    return inconclusive(
      `not calm to begin with: median ${inMs(before.medianMs)} (at most ${bounds.calmMedianMsAtMost} ms), ${percent(before.slowShare)} slow (at most ${percent(bounds.calmSlowShareAtMost)})`,
    )
  }
  const { low, high } = wilson(current.slow, current.total)
  const ratio = current.medianMs / before.medianMs
  const [atLeast, atMost] = bounds.slowShare
  const measured = `${current.slow} of ${current.total} over ${slo.thresholdMs} ms (${percent(current.slowShare)}, 95 % interval ${percent(low)} to ${percent(high)}; ${percent(atLeast)} to ${percent(atMost)} expected), median ${inMs(current.medianMs)}, ${ratio.toFixed(2)}× calm (at most ${bounds.medianRatioAtMost}× expected)`
  const isWithin = current.slowShare >= atLeast && current.slowShare <= atMost && low > bounds.intervalAbove
  return { state: isWithin && ratio <= bounds.medianRatioAtMost ? 'held' : 'failed', measured }
}

// Metric evidence that nothing is wrong: checkouts meet the objective, and take as long as they always did.
import { errorBudget, slo } from '../../kit/slo.ts'
import { wilson } from '../statistics.ts'
import { inMs, percent } from '../text.ts'
import { pasteCheckoutLatency } from './paste.ts'
import { fewestSamples, shapeOf } from './population.ts'
import { type Evidence, inconclusive, type Observed, type Sample, type State, type Verdict } from './types.ts'

/** What the objective says of a number of checkouts; *inconclusive* where too many were slow, but not beyond doubt. */
export function objectiveOf({ total, slow }: { total: number; slow: number }): Verdict {
  if (total < fewestSamples) return inconclusive(`${total} checkouts observed, ${fewestSamples} are needed`)
  const { low, high } = wilson(slow, total)
  const measured = `${slow} of ${total} over ${slo.thresholdMs} ms (${percent(slow / total)}, 95 % interval ${percent(low)} to ${percent(high)}; at most ${percent(errorBudget)} expected)`
  const state: State = slow / total <= errorBudget ? 'held' : low > errorBudget ? 'failed' : 'inconclusive'
  return { state, measured }
}

/**
 * At most 1 % of the checkouts are over the SLO's threshold; beyond doubt more *fail*, in between is *inconclusive*. With
 * `medianRatioAtMost` the median is that steady, too. `fromSecond` leaves out what was due earlier in the window.
 */
export function withinSlo(
  says: string,
  { medianRatioAtMost, fromSecond = 0 }: { medianRatioAtMost?: number; fromSecond?: number } = {},
): Evidence {
  return {
    says,
    pillar: 'metrics',
    needs: {},
    judge(now, calm) {
      const [current, before] = [shapeOf({ samples: dueFrom(now, fromSecond) }), shapeOf(calm)]
      const verdict = objectiveOf(current)
      if (medianRatioAtMost === undefined || verdict.state !== 'held') return verdict
      const ratio = current.medianMs / before.medianMs
      const measured = `${verdict.measured}, median ${inMs(current.medianMs)}, ${ratio.toFixed(2)}× calm (at most ${medianRatioAtMost}× expected)`
      return { state: ratio <= medianRatioAtMost ? 'held' : 'failed', measured }
    },
    paste: ({ fromMs, toMs }) => pasteCheckoutLatency({ fromMs: fromMs + fromSecond * 1000, toMs }),
  }
}

/** The checkouts that were due from so many seconds after the window's start. */
export const dueFrom = ({ window, samples }: Observed, second: number): Sample[] =>
  samples.filter(({ startMs }) => startMs >= window.fromMs + second * 1000)

// An alibi of the shop's own histogram: it says of slow checkouts what their customers say, sampled or not.
import { slo } from '../../kit/slo.ts'
import { metrics } from '../../kit/telemetry/names.ts'
import { percent } from '../text.ts'
import { pasteCheckoutLatency } from './paste.ts'
import { fewestSamples, shapeOf } from './population.ts'
import { type Metric, seriesIn } from './series-in.ts'
import { type Evidence, inconclusive, type Observed } from './types.ts'

const checkouts: Metric = { metric: metrics.checkoutDuration, labels: {} }

/** The share of checkouts over the SLO's threshold in the histogram is the customers' own, give or take `within` (0–1). */
export function histogramAgrees(says: string, { within }: { within: number }): Evidence {
  return {
    says,
    pillar: 'metrics',
    needs: { series: [checkouts] },
    judge(now) {
      const { total, slow } = countsIn(now)
      const customers = shapeOf(now)
      if (Math.min(total, customers.total) < fewestSamples)
        return inconclusive(
          `${total} checkouts in the histogram, ${customers.total} observed, ${fewestSamples} are needed`,
        )
      const [share, felt] = [slow / total, customers.slowShare]
      const measured = `the histogram has ${slow} of ${total} over ${slo.thresholdMs} ms (${percent(share)}), customers had ${customers.slow} of ${customers.total} (${percent(felt)}; at most ${Math.round(within * 100)} points apart expected)`
      return { state: Math.abs(share - felt) <= within ? 'held' : 'failed', measured }
    },
    paste: pasteCheckoutLatency,
  }
}

function countsIn(observed: Observed): { total: number; slow: number } {
  const points = seriesIn(observed, checkouts).flatMap((one) => one.points)
  const buckets = points.flatMap((point) => point.buckets ?? [])
  const slow = buckets.filter(({ upTo }) => upTo > slo.thresholdMs / 1000)
  return { total: sumOf(points.map(({ count = 0 }) => count)), slow: sumOf(slow.map(({ count }) => count)) }
}

const sumOf = (counts: number[]): number => counts.reduce((total, count) => total + count, 0)

// An alibi from metrics: something takes as long, or is as full, as it ever was.
import { inMetricUnit, meanIn } from './means.ts'
import { pasteSeries } from './paste.ts'
import type { Metric } from './series-in.ts'
import { type Evidence, inconclusive } from './types.ts'

/** The mean of the metric over the window is at most `ratioAtMost` times what it is when calm. */
export function steadyMean(says: string, { ratioAtMost, ...which }: Metric & { ratioAtMost: number }): Evidence {
  const { metric, labels } = which
  return {
    says,
    pillar: 'metrics',
    needs: { series: [which] },
    judge(now, calm) {
      const [mean, calmMean] = [meanIn(now, which), meanIn(calm, which)]
      if (mean === undefined || calmMean === undefined) return inconclusive(`too few points of ${metric} to judge`)
      const measured = `mean ${metric} ${inMetricUnit(metric, mean)}, ${inMetricUnit(metric, calmMean)} when calm (at most ${ratioAtMost}× expected)`
      return { state: mean <= calmMean * ratioAtMost ? 'held' : 'failed', measured }
    },
    paste: () => [pasteSeries(metric, labels)],
  }
}

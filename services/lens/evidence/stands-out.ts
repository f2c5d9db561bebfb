// Metric evidence about where: of several series of one metric, one is far above the others, which is how a bad instance looks.
import { inMetricUnit, meansBy } from './means.ts'
import { pasteMeansBy } from './paste.ts'
import type { Metric } from './series-in.ts'
import { type Evidence, failed, inconclusive } from './types.ts'

/**
 * Over the window, the mean of the series whose label `by` is `value` is at least `ratioAtLeast` times that of every other series
 * of the metric, and it is not so when calm. A histogram's mean is that of everything counted in the window.
 */
export function standsOut(
  says: string,
  options: Metric & { by: string; value: string; ratioAtLeast: number },
): Evidence {
  const { metric, labels, by, value, ratioAtLeast } = options
  return {
    says,
    pillar: 'metrics',
    needs: { series: [{ metric, labels }] },
    judge(now, calm) {
      const [means, calmMeans] = [meansBy(now, options), meansBy(calm, options)]
      const [lead, calmLead] = [leadOf(means, value), leadOf(calmMeans, value)]
      if (lead === undefined || calmLead === undefined) {
        return inconclusive(
          `${metric} by ${by}: ${means.size} series now and ${calmMeans.size} when calm, 2 are needed`,
        )
      }
      const all = [...means].map(([name, mean]) => `${name} ${inMetricUnit(metric, mean)}`).join(', ')
      const measured = `mean ${metric}: ${all}; ${value} has ${lead.toFixed(1)}× the highest other (at least ${ratioAtLeast}× expected), ${calmLead.toFixed(1)}× when calm`
      if (calmLead >= ratioAtLeast) return failed(`${measured}: no different from calm`)
      return { state: lead >= ratioAtLeast ? 'held' : 'failed', measured }
    },
    paste: () => [pasteMeansBy(metric, labels, by)],
  }
}

/** How many times the highest of the others one series is; undefined without it or without others. */
function leadOf(means: ReadonlyMap<string, number>, value: string): number | undefined {
  const own = means.get(value)
  const others = [...means].filter(([name]) => name !== value).map(([, mean]) => mean)
  return own === undefined || others.length === 0 ? undefined : own / Math.max(...others)
}

// Metric evidence about load: something happens far more often than when calm.
import { instrumentOf, prometheusName, selector } from '../../kit/telemetry/prometheus-names.ts'
import { countIn, type Metric } from './series-in.ts'
import { type Evidence, inconclusive, type Observed } from './types.ts'

/** Fewer events than this when calm make no rate. */
const fewestEvents = 20

/** A counter grows, or a histogram counts, at least `ratioAtLeast` times as fast as when calm. */
export function busier(says: string, { ratioAtLeast, ...which }: Metric & { ratioAtLeast: number }): Evidence {
  const { metric, labels } = which
  return {
    says,
    pillar: 'metrics',
    needs: { series: [which] },
    judge(now, calm) {
      const [nowCount, calmCount] = [countIn(now, which), countIn(calm, which)]
      if (calmCount < fewestEvents)
        return inconclusive(`${calmCount} observations of ${metric} when calm, ${fewestEvents} are needed`)
      const [nowRate, calmRate] = [nowCount / secondsOf(now), calmCount / secondsOf(calm)]
      const ratio = nowRate / calmRate
      const measured = `${metric} counts ${nowRate.toFixed(1)} a second, ${calmRate.toFixed(1)} when calm: ${ratio.toFixed(1)} times as many (at least ${ratioAtLeast} expected)`
      return { state: ratio >= ratioAtLeast ? 'held' : 'failed', measured }
    },
    paste: () => {
      const suffix = instrumentOf(metric).kind === 'histogram' ? '_count' : ''
      return [{ language: 'PromQL', text: `sum(rate(${prometheusName(metric)}${suffix}${selector(labels)}[1m]))` }]
    },
  }
}

const secondsOf = ({ window }: Observed): number => (window.toMs - window.fromMs) / 1000

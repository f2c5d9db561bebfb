// Trace evidence about what is not there: a service that no checkout's trace shows any more, though it is still asked.
import { metrics } from '../../kit/telemetry/names.ts'
import { percent } from '../text.ts'
import { findSpans } from '../trace.ts'
import { pasteSlowTraces } from './paste.ts'
import { fewestSamples } from './population.ts'
import { countIn, type Metric } from './series-in.ts'
import { type Evidence, inconclusive, type Observed } from './types.ts'

/** What the service answered, whoever asked. */
const requestsOf = (service: string): Metric => ({
  metric: metrics.httpServerDuration,
  labels: { 'service.name': service },
})
/** A service that answered fewer requests than this per checkout is not asked about all of them. */
const askedShare = 0.5
/** When calm at most this share of traces may lack the service, or its absence means nothing. */
const mostAbsentWhenCalm = 0.05

/**
 * At least `atLeastShare` (default 0.9) of the checkouts have no server span of the service in their trace, and calm ones have;
 * yet by its own metric it answered at least one request for each two checkouts: it is asked, in somebody else's name.
 */
export function missingEdge(says: string, { to, atLeastShare = 0.9 }: { to: string; atLeastShare?: number }): Evidence {
  return {
    says,
    pillar: 'traces',
    needs: { series: [requestsOf(to)] },
    judge(now, calm) {
      if (Math.min(now.traces.size, calm.traces.size) < fewestSamples)
        return inconclusive(
          `${now.traces.size} traces stored now and ${calm.traces.size} when calm, ${fewestSamples} are needed`,
        )
      const [nowShare, calmShare] = [shareWithout(now, to), shareWithout(calm, to)]
      const measured = `no span of ${to} in ${percent(nowShare)} of ${now.traces.size} traces (at least ${percent(atLeastShare)} expected), in ${percent(calmShare)} when calm`
      const requests = countIn(now, requestsOf(to))
      const isMissing = nowShare >= atLeastShare && calmShare <= mostAbsentWhenCalm
      const isAsked = requests >= now.samples.length * askedShare
      return {
        state: isMissing && isAsked ? 'held' : 'failed',
        measured: `${measured}; it answered ${requests} requests for ${now.samples.length} checkouts`,
      }
    },
    paste: (window) => [
      { language: 'TraceQL', text: `{ resource.service.name = "${to}" && kind = server && nestedSetParent = -1 }` },
      ...pasteSlowTraces(window),
    ],
  }
}

function shareWithout({ traces }: Observed, service: string): number {
  const without = [...traces.values()].filter((trace) => findSpans(trace, { service, kind: 'server' }).length === 0)
  return without.length / traces.size
}

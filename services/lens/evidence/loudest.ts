// Who looks worst: the service whose own answers got slowest, which is where everybody looks first and often not the cause.
import { quantile } from '../statistics.ts'
import { inMs } from '../text.ts'
import { durationMs } from '../trace.ts'
import { pasteSpan } from './paste.ts'
import { type Evidence, failed, inconclusive, type Observed } from './types.ts'

/** The 99th percentile of a service's SERVER spans in ms, and how many times the calm one that is. */
export type Loudness = { service: string; p99Ms: number; calmP99Ms: number; ratio: number }

/** Fewer spans than this have no 99th percentile. */
const fewestSpans = 100
/** Below this many times calm nobody is loud. */
const loudRatio = 2

/** All services but `api`, whose spans are the checkouts themselves; the loudest first. */
export function loudness(now: Observed, calm: Observed): Loudness[] {
  const [current, before] = [answersByService(now), answersByService(calm)]
  const all = [...current].flatMap(([service, spans]) => {
    const calmSpans = before.get(service) ?? []
    if (service === 'api' || Math.min(spans.length, calmSpans.length) < fewestSpans) return []
    const [p99Ms, calmP99Ms] = [quantile(spans, 0.99), quantile(calmSpans, 0.99)]
    return [{ service, p99Ms, calmP99Ms, ratio: p99Ms / calmP99Ms }]
  })
  return all.sort((a, b) => b.ratio - a.ratio)
}

/** The service is the loudest, and at least twice as loud as when calm: right or wrong, it is the one that gets blamed. */
export function loudest(says: string, { service }: { service: string }): Evidence {
  return {
    says,
    pillar: 'traces',
    topic: 'loudest',
    needs: {},
    judge(now, calm) {
      const all = loudness(now, calm)
      const [first] = all
      if (first === undefined) return inconclusive(`no service has ${fewestSpans} server spans in both windows`)
      const measured = all.map(textOf).join(', ')
      if (first.ratio < loudRatio) return failed(`nobody is ${loudRatio} times as loud as when calm: ${measured}`)
      return { state: first.service === service ? 'held' : 'failed', measured }
    },
    paste: () => [pasteSpan({ service, kind: 'server' }, { quantile: 0.99 })],
  }
}

const textOf = ({ service, p99Ms, calmP99Ms, ratio }: Loudness): string =>
  `${service} ${ratio.toFixed(1)}× (p99 ${inMs(p99Ms)}, ${inMs(calmP99Ms)} when calm)`

function answersByService({ traces }: Observed): Map<string, number[]> {
  const durations = new Map<string, number[]>()
  for (const { spans } of traces.values()) {
    for (const span of spans) {
      if (span.kind !== 'server') continue
      const soFar = durations.get(span.service)
      if (soFar === undefined) durations.set(span.service, [durationMs(span)])
      else soFar.push(durationMs(span))
    }
  }
  return durations
}

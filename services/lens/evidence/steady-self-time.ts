// An alibi from traces: a service does its own work as quickly as ever, whatever its callers see.
import { median, medianInterval } from '../statistics.ts'
import { inMs } from '../text.ts'
import { childIndex, matches, type SpanKind, selfTimeMs } from '../trace.ts'
import { pasteSpan } from './paste.ts'
import { fewestSamples, fewestSlow, isIn, isSlow } from './population.ts'
import { type Cohort, type Evidence, inconclusive, type Observed, type Sample } from './types.ts'

const fewestSpans = 20
/** Medians this close are the same, whatever their ratio: the SDK stamps the start of a span in whole milliseconds. */
const slackMs = 1

/**
 * In slow checkouts (in all, where hardly one is slow) the median self time of a service's SERVER spans, or those of another
 * kind, is at most `ratioAtMost` times what it is when calm. Self time, because the wall clock of a caller on a shared CPU
 * clears nobody; of slow checkouts, because who holds up one in twenty has a steady median. These are few: where their median
 * is above that and may be so by chance, nothing is said. `among` looks at a cohort only.
 */
export function steadySelfTime(
  says: string,
  {
    among: cohort = {},
    ratioAtMost,
    ...where
  }: { service: string; name?: string; kind?: SpanKind; ratioAtMost: number; among?: Cohort },
): Evidence {
  const filter = { kind: 'server', ...where } as const
  const selfTimes = (observed: Observed, samples: readonly Sample[]): number[] =>
    samples.flatMap((sample) => {
      const trace = sample.traceId === undefined ? undefined : observed.traces.get(sample.traceId)
      if (trace === undefined || !isIn(sample, cohort)) return []
      const children = childIndex(trace)
      return trace.spans.filter((span) => matches(span, filter)).map((span) => selfTimeMs(span, children(span)))
    })
  return {
    says,
    pillar: 'traces',
    needs: {},
    judge(now, calm) {
      if (now.samples.length < fewestSamples)
        return inconclusive(`${now.samples.length} checkouts observed, ${fewestSamples} are needed`)
      const calmMs = selfTimes(calm, calm.samples)
      const slowMs = selfTimes(now, now.samples.filter(isSlow))
      const [nowMs, whose] =
        slowMs.length >= fewestSlow ? [slowMs, ' of slow checkouts'] : [selfTimes(now, now.samples), '']
      if (nowMs.length < fewestSlow || calmMs.length < fewestSpans) {
        return inconclusive(
          `${nowMs.length} ${filter.kind} spans of ${where.service} now and ${calmMs.length} when calm, ${fewestSpans} are needed`,
        )
      }
      const [nowMedian, calmMedian] = [median(nowMs), median(calmMs)]
      const measured = `median self time of ${where.service} ${inMs(nowMedian)} in ${nowMs.length} spans${whose}, ${inMs(calmMedian)} when calm (at most ${ratioAtMost}× expected)`
      const atMostMs = calmMedian * ratioAtMost + slackMs
      if (nowMedian <= atMostMs) return { state: 'held', measured }
      if (medianInterval(nowMs).low > atMostMs) return { state: 'failed', measured }
      return inconclusive(`${measured}: it is more, which in so few may be chance`)
    },
    paste: () => [pasteSpan(filter, { quantile: 0.5 })],
  }
}

/** The usual alibi of services that do their own work as quickly as ever, one by one. */
export const innocent = (...services: string[]): Evidence[] =>
  services.map((service) =>
    steadySelfTime(`${service} does its own work as quickly as ever`, { service, ratioAtMost: 1.5 }),
  )

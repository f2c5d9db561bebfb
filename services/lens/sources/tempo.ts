// Traces from Tempo 3: by id over /api/v2/traces, by duration in TraceQL.
import { z } from 'zod'
import type { Window } from '../source.ts'
import { ResourceSpans, tracesOf } from './otlp-json.ts'
import { requestJson } from './request-json.ts'
import { checkout, inStack, oneByOne, searchDefaults, type TraceSource } from './trace-source.ts'

const ById = z.object({ trace: z.object({ resourceSpans: ResourceSpans.default([]) }).default({ resourceSpans: [] }) })

const Search = z.object({
  traces: z
    .array(
      z.object({
        traceID: z.string(),
        durationMs: z.number().default(0),
        spanSets: z
          .array(z.object({ spans: z.array(z.object({ durationNanos: z.coerce.number() })).default([]) }))
          .default([]),
      }),
    )
    .default([]),
})

/** A metrics query answers with series, any other with traces. */
const Answered = z.object({ traces: z.array(z.unknown()).default([]), series: z.array(z.unknown()).default([]) })
const isOverTime = /\|\s*(\w+_over_time|rate|histogram_quantile|compare)\(/

/** A search ends with this many finds, in no order: with fewer, the slowest might not be among them. */
const enough = 5000

/** Tempo at `baseUrl` (`http://tempo:3200`). Each call throws a sentence when it cannot be reached. */
export function tempoSource(baseUrl: URL): TraceSource {
  const ask = <T>(path: string, shape: z.ZodType<T>) =>
    requestJson(new URL(path, baseUrl), shape, { headers: { accept: 'application/json' } }, inStack('Tempo'))
  const trace: TraceSource['trace'] = async (id) => {
    const answer = await ask(`/api/v2/traces/${encodeURIComponent(id)}`, ById)
    return tracesOf(answer?.trace.resourceSpans ?? [])[0]
  }
  return {
    trace,
    traces: (ids) => oneByOne(ids, trace),
    async slowCheckouts(query) {
      const { window, minDurationMs, limit } = { ...searchDefaults, ...query }
      const wanted = new URLSearchParams({
        q: `{ resource.service.name = "${checkout.service}" && name = "${checkout.name}" && kind = server && duration > ${minDurationMs}ms }`,
        ...inSeconds(window),
        limit: String(Math.max(limit, enough)),
      })
      const { traces } = (await ask(`/api/search?${wanted}`, Search)) ?? { traces: [] }
      return traces
        .map(({ traceID, durationMs, spanSets }) => ({
          // Leading zeros are left out in a search's answer.
          traceId: traceID.padStart(32, '0'),
          durationMs: (spanSets[0]?.spans[0]?.durationNanos ?? durationMs * 1e6) / 1e6,
        }))
        .sort((a, b) => b.durationMs - a.durationMs)
        .slice(0, limit)
    },
    async query(text, window) {
      const wanted = new URLSearchParams({ q: text, ...inSeconds(window) })
      const path = isOverTime.test(text) ? '/api/metrics/query_range' : '/api/search'
      const { traces, series } = (await ask(`${path}?${wanted}`, Answered)) ?? { traces: [], series: [] }
      return traces.length + series.length
    },
  }
}

const inSeconds = ({ fromMs, toMs }: Window) => ({
  start: String(Math.floor(fromMs / 1000)),
  end: String(Math.ceil(toMs / 1000)),
})

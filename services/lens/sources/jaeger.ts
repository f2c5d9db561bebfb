// Traces from Jaeger 2, over the API that its own page uses from version 3 on: it answers in OTLP, so that nothing is lost.
import { z } from 'zod'
import { ResourceSpans, tracesOf } from './otlp-json.ts'
import { requestJson } from './request-json.ts'
import { checkout, inStack, oneByOne, searchDefaults, slowestOf, type TraceSource } from './trace-source.ts'

/** A trace without spans is answered with an empty result. */
const Answer = z.object({ result: z.object({ resourceSpans: ResourceSpans.default([]) }) })

/** Jaeger's query service at `baseUrl` (`http://jaeger:16686`). Each call throws a sentence when it cannot be reached. */
export function jaegerSource(baseUrl: URL): TraceSource {
  const ask = async (path: string) => {
    const answer = await requestJson(new URL(path, baseUrl), Answer, {}, inStack('Jaeger'))
    return tracesOf(answer?.result.resourceSpans ?? [])
  }
  const trace: TraceSource['trace'] = async (id) => (await ask(`/api/v3/traces/${encodeURIComponent(id)}`))[0]
  return {
    trace,
    traces: (ids) => oneByOne(ids, trace),
    async slowCheckouts(query) {
      const { window, minDurationMs, limit } = { ...searchDefaults, ...query }
      const wanted = new URLSearchParams({
        'query.service_name': checkout.service,
        'query.operation_name': checkout.name,
        'query.start_time_min': new Date(window.fromMs).toISOString(),
        'query.start_time_max': new Date(window.toMs).toISOString(),
        'query.duration_min': `${minDurationMs}ms`,
        'query.num_traces': String(limit),
      })
      return slowestOf(await ask(`/api/v3/traces?${wanted}`), query)
    },
  }
}

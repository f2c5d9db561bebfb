// Traces from Zipkin, whose model is older than OpenTelemetry's: zipkin-spans.ts says what is brought back and what is lost.
import { z } from 'zod'
import type { Trace } from '../trace.ts'
import { requestJson } from './request-json.ts'
import { checkout, inStack, searchDefaults, slowestOf, type TraceSource } from './trace-source.ts'
import { spanOf, ZipkinSpan } from './zipkin-spans.ts'

const OneTrace = z.array(ZipkinSpan)
const ManyTraces = z.array(OneTrace)

/** So many ids fit into one address. */
const idsPerLookup = 100

/** Zipkin at `baseUrl` (`http://zipkin:9411`). Each call throws a sentence when it cannot be reached. */
export function zipkinSource(baseUrl: URL): TraceSource {
  const ask = <T>(path: string, shape: z.ZodType<T>) =>
    requestJson(new URL(path, baseUrl), shape, {}, inStack('Zipkin'))
  return {
    async trace(id) {
      const spans = await ask(`/api/v2/trace/${encodeURIComponent(id)}`, OneTrace)
      return spans === undefined ? undefined : traceOf(spans)
    },
    async traces(ids) {
      const found = new Map<string, Trace>()
      for (let i = 0; i < ids.length; i += idsPerLookup) {
        const wanted = new URLSearchParams({ traceIds: [...new Set(ids.slice(i, i + idsPerLookup))].join(',') })
        for (const spans of (await ask(`/api/v2/traceMany?${wanted}`, ManyTraces)) ?? []) {
          const trace = traceOf(spans)
          if (trace !== undefined) found.set(trace.traceId, trace)
        }
      }
      return found
    },
    async slowCheckouts(query) {
      const { window, minDurationMs, limit } = { ...searchDefaults, ...query }
      const wanted = new URLSearchParams({
        serviceName: checkout.service,
        spanName: checkout.name.toLowerCase(),
        minDuration: String(minDurationMs * 1000),
        endTs: String(Math.ceil(window.toMs)),
        lookback: String(Math.ceil(window.toMs - window.fromMs)),
        limit: String(limit),
      })
      const found = (await ask(`/api/v2/traces?${wanted}`, ManyTraces)) ?? []
      return slowestOf(
        found.flatMap((spans) => traceOf(spans) ?? []),
        query,
      )
    },
  }
}

function traceOf(spans: z.output<typeof OneTrace>): Trace | undefined {
  const [first] = spans
  if (first === undefined) return undefined
  return { traceId: first.traceId.padStart(32, '0'), spans: spans.map(spanOf).sort((a, b) => a.startMs - b.startMs) }
}

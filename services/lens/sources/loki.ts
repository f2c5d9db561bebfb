// Log lines from Loki: by trace, by service, or all of a window, however many there are.
import { z } from 'zod'
import type { LogLine, Window } from '../source.ts'
import { dotted, revived } from './attribute-names.ts'
import { millisOf } from './otlp-json.ts'
import { requestJson } from './request-json.ts'
import { inStack } from './trace-source.ts'

export type LogQuery = { traceId?: string; service?: string; window: Window }

export type LokiSource = {
  logs(query: LogQuery): Promise<LogLine[]>
  /** Runs a query over a window; how many lines or series it answered with. @throws Error a sentence when Loki refuses it */
  query(text: string, window: Window): Promise<number>
}

/** Loki's own limit for one answer, unless somebody lowered it; and as many lines as the viewer gives at most. */
const linesPerPage = 5_000
const mostLines = 50_000

const Labels = z.record(z.string(), z.string())
const Entry = z.union([
  z.tuple([z.string(), z.string()]),
  z.tuple([z.string(), z.string(), z.object({ structuredMetadata: Labels.default({}) })]),
])
const Streams = z.object({
  data: z.object({ result: z.array(z.object({ stream: Labels, values: z.array(Entry) })) }),
})
const Anything = z.object({ data: z.object({ result: z.array(z.unknown()) }) })

/** A line with its time in nanoseconds: pages are told apart by it. */
type Found = { atNs: bigint; line: LogLine; key: string }

/** Loki at `baseUrl` (`http://loki:3100`). Each call throws a sentence when it cannot be reached. */
export function lokiSource(baseUrl: URL): LokiSource {
  async function ask<T>(query: Record<string, string>, shape: z.ZodType<T>): Promise<T> {
    const url = new URL(`/loki/api/v1/query_range?${new URLSearchParams(query)}`, baseUrl)
    // Keeps what a line carries apart from the labels of its stream.
    const headers = { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' }
    const answer = await requestJson(url, shape, { headers }, inStack('Loki'))
    if (answer !== undefined) return answer
    throw new Error(`${url.href} does not exist; is something else on that port?`)
  }

  async function page(query: string, startNs: bigint, endNs: bigint): Promise<Found[]> {
    const wanted = {
      query,
      start: String(startNs),
      end: String(endNs),
      limit: String(linesPerPage),
      direction: 'forward',
    }
    const { data } = await ask(wanted, Streams)
    const found = data.result.flatMap(({ stream, values }) =>
      values.map(([time, body, more]): Found => {
        const metadata = { ...stream, ...more?.structuredMetadata }
        return { atNs: BigInt(time), line: lineOf(time, body, metadata), key: JSON.stringify([time, body, metadata]) }
      }),
    )
    return found.sort((a, b) => (a.atNs < b.atNs ? -1 : a.atNs > b.atNs ? 1 : 0))
  }

  return {
    async logs({ traceId, service, window }) {
      const stream = service === undefined ? 'service_name=~".+"' : `service_name=${JSON.stringify(service)}`
      const query = `{${stream}}${traceId === undefined ? '' : ` | trace_id=${JSON.stringify(traceId)}`}`
      const lines = new Map<string, LogLine>()
      const endNs = nanosOf(window.toMs)
      for (let startNs = nanosOf(window.fromMs); startNs < endNs && lines.size < mostLines; ) {
        const found = await page(query, startNs, endNs)
        for (const { key, line } of found) lines.set(key, line)
        if (found.length < linesPerPage) break
        // The next page starts with the last time of this one, which may have had more lines than fitted.
        const lastNs = found.at(-1)?.atNs ?? endNs
        startNs = lastNs > startNs ? lastNs : startNs + 1n
      }
      return [...lines.values()]
    },

    async query(text, { fromMs, toMs }) {
      const wanted = { query: text, start: String(nanosOf(fromMs)), end: String(nanosOf(toMs)), limit: '100' }
      return (await ask(wanted, Anything)).data.result.length
    },
  }
}

const nanosOf = (ms: number): bigint => BigInt(Math.floor(ms)) * 1_000_000n + BigInt(Math.round((ms % 1) * 1e6))

/** https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber: four numbers a level, from 1. */
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']

/** What Loki keeps of a record besides its attributes: its resource, its scope, and what it found out itself. */
const isAbout =
  /^(service|host|process|os|container|telemetry|deployment|scope|severity)_|^(trace_id|span_id|flags|observed_timestamp|detected_level)$/

function lineOf(time: string, body: string, metadata: Record<string, string>): LogLine {
  const { service_name: service = 'unknown_service', severity_number, severity_text, trace_id, span_id } = metadata
  const level = levels[Math.floor((Number(severity_number) - 1) / 4)]
  const own = Object.entries(metadata).filter(([key]) => !isAbout.test(key))
  return {
    atMs: millisOf(time),
    service,
    severity: level ?? severity_text?.toLowerCase() ?? metadata.detected_level ?? 'info',
    body,
    ...(trace_id === undefined ? {} : { traceId: trace_id }),
    ...(span_id === undefined ? {} : { spanId: span_id }),
    attributes: Object.fromEntries(own.map(([key, value]) => [dotted(key), revived(value)])),
  }
}

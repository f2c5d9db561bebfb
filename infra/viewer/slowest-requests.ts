// Which trace stands behind a point of a latency chart: the slowest request that a service answered meanwhile.
import type { TraceSummary } from '../../services/lens/sources/viewer.ts'
import { durationMs, type Span, type Trace } from '../../services/lens/trace.ts'

/** Requests that ended from `fromMs` to `toMs`, as a histogram counts them. `route` is a span's name or its `http.route`. */
export type Requests = {
  service: string
  instance?: string | undefined
  route?: string | undefined
  fromMs: number
  toMs: number
}
export type SlowestRequest = { traceId: string; spanId: string; name: string; startMs: number; durationMs: number }
type Traces = { summaries(): TraceSummary[]; get(traceId: string): Trace | undefined }

/** How long a service may go on with a request whose caller has given up. */
const afterRootMs = 10_000

/** For each of `asked` its slowest request, or undefined when no trace of one is kept. */
export function slowestRequests(traces: Traces, asked: readonly Requests[]): (SlowestRequest | undefined)[] {
  const found: (Span | undefined)[] = asked.map(() => undefined)
  for (const summary of traces.summaries()) {
    // Most traces are of another time: only of the others the spans are looked at.
    const places = asked.flatMap((requests, i) => (mayHave(summary, requests) ? [i] : []))
    if (places.length === 0) continue
    for (const span of traces.get(summary.traceId)?.spans ?? []) {
      for (const i of places) {
        const before = found[i]
        if (!isOneOf(span, asked[i] as Requests)) continue
        if (before === undefined || durationMs(span) > durationMs(before)) found[i] = span
      }
    }
  }
  return found.map((span) => span && requestOf(span))
}

const mayHave = (summary: TraceSummary, { service, fromMs, toMs }: Requests): boolean =>
  summary.startMs < toMs &&
  summary.startMs + summary.durationMs + afterRootMs >= fromMs &&
  summary.services.includes(service)

const isOneOf = (span: Span, { service, instance, route, fromMs, toMs }: Requests): boolean =>
  span.kind === 'server' &&
  span.service === service &&
  (instance === undefined || span.instance === instance) &&
  (route === undefined || span.name === route || span.attributes['http.route'] === route) &&
  span.endMs >= fromMs &&
  span.endMs < toMs

const requestOf = (span: Span): SlowestRequest => ({
  traceId: span.traceId,
  spanId: span.spanId,
  name: span.name,
  startMs: span.startMs,
  durationMs: durationMs(span),
})

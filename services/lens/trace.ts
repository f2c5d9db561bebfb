// The trace model that everything in the lens works on, and the questions a single trace can answer about itself.
import { attributes, serviceNames, spans } from '../kit/telemetry/names.ts'

/** Values as OTLP carries them. Arrays and key-value lists keep their structure; integers arrive as numbers. */
export type AttributeValue = string | number | boolean | null | AttributeValue[] | { [key: string]: AttributeValue }
export type Attributes = Record<string, AttributeValue>

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer'

export type SpanEvent = { name: string; atMs: number; attributes: Attributes }
export type SpanLink = { traceId: string; spanId: string; attributes: Attributes }

/** One span. Times are epoch milliseconds with fractions (a double keeps about 0.25 µs). Ids are lower-case hex. */
export type Span = {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: SpanKind
  service: string
  /** `service.instance.id` of the process that made the span. */
  instance?: string
  startMs: number
  endMs: number
  status: 'unset' | 'ok' | 'error'
  statusMessage?: string
  attributes: Attributes
  events: SpanEvent[]
  links: SpanLink[]
  resource: Attributes
}

/** All spans known of one trace, sorted by start time. It may be incomplete: spans arrive late and out of order. */
export type Trace = { traceId: string; spans: Span[] }

/** `endMs − startMs`, never negative (a clock may step back inside a span). */
export const durationMs = (span: Span): number => Math.max(0, span.endMs - span.startMs)

/** The children of a span by start time. Build it once per trace: `const childrenOf = childIndex(trace)`. */
export function childIndex(trace: Trace): (span: Span) => Span[] {
  const byParent = Map.groupBy(trace.spans, (span) => span.parentSpanId)
  for (const children of byParent.values()) children.sort((a, b) => a.startMs - b.startMs)
  return (span) => byParent.get(span.spanId) ?? []
}

/** The direct children of one span, by start time. For many spans of one trace use `childIndex`. */
export const childrenOf = (trace: Trace, span: Span): Span[] => childIndex(trace)(span)

/** The SERVER span without a parent; else the earliest span that has none here; undefined for an empty trace. */
export function rootOf(trace: Trace): Span | undefined {
  const byStart = trace.spans.toSorted((a, b) => a.startMs - b.startMs)
  const parentless = byStart.filter((span) => span.parentSpanId === undefined)
  return parentless.find((span) => span.kind === 'server') ?? parentless[0] ?? orphansOf(trace)[0] ?? byStart[0]
}

/** Spans that name a parent which is not in the trace, by start time: it is late, lost or was never exported. */
export function orphansOf(trace: Trace): Span[] {
  const ids = new Set(trace.spans.map((span) => span.spanId))
  const orphans = trace.spans.filter((span) => span.parentSpanId !== undefined && !ids.has(span.parentSpanId))
  return orphans.sort((a, b) => a.startMs - b.startMs)
}

/**
 * Requests that one of our services answered, and messages sent, whose other side is not in the trace yet. Together with
 * `orphansOf` this tells whether a trace has arrived whole.
 */
export function unansweredOf(trace: Trace): Span[] {
  const children = childIndex(trace)
  const hasOtherSide = (span: Span, kind: SpanKind) => children(span).some((child) => child.kind === kind)
  return trace.spans.filter((span) => {
    if (span.kind === 'producer') return !hasOtherSide(span, 'consumer')
    const isAnswered = span.kind === 'client' && 'http.response.status_code' in span.attributes
    return isAnswered && isOurs(span.attributes[attributes.peerService]) && !hasOtherSide(span, 'server')
  })
}

/** Whether a `peer.service` is one of the shop's, which sends spans of its own. */
export const isOurs = (peer: AttributeValue | undefined): boolean => serviceNames.some((name) => name === peer)

/** What a span does itself: its duration minus the union of its children's intervals, clipped to the span. */
export function selfTimeMs(span: Span, children: readonly Span[]): number {
  const clipped = children.map((child) => ({
    fromMs: Math.max(child.startMs, span.startMs),
    toMs: Math.min(child.endMs, span.endMs),
  }))
  return durationMs(span) - unionMs(clipped)
}

/** Total length in ms of what the intervals cover together; overlaps count once, empty ones not at all. */
export function unionMs(intervals: readonly { fromMs: number; toMs: number }[]): number {
  let coveredMs = 0
  let reachedMs = Number.NEGATIVE_INFINITY
  for (const { fromMs, toMs } of intervals.toSorted((a, b) => a.fromMs - b.fromMs)) {
    coveredMs += Math.max(0, toMs - Math.max(fromMs, reachedMs))
    reachedMs = Math.max(reachedMs, toMs)
  }
  return coveredMs
}

/** What to look for; a key left out matches everything. */
export type SpanFilter = { service?: string; name?: string; kind?: SpanKind }

export const matches = (span: Span, filter: SpanFilter): boolean =>
  (filter.service === undefined || span.service === filter.service) &&
  (filter.name === undefined || span.name === filter.name) &&
  (filter.kind === undefined || span.kind === filter.kind)

/** All spans of a trace that match, by start time. */
export const findSpans = (trace: Trace, filter: SpanFilter): Span[] =>
  trace.spans.filter((span) => matches(span, filter)).sort((a, b) => a.startMs - b.startMs)

/** The api SERVER span of `POST /api/checkout`: its duration is what the SLO is about. */
export const checkoutSpan = (trace: Trace): Span | undefined =>
  findSpans(trace, { service: 'api', name: spans.checkout, kind: 'server' })[0]

/** A span with everything below it, parents before children. A loop of parent ids is walked once. */
export function subtreeOf(top: Span, children: (span: Span) => Span[]): Span[] {
  const found = new Map([[top.spanId, top]])
  // A map may grow while it is iterated, and a trace may be deeper than the call stack.
  for (const span of found.values()) {
    for (const child of children(span)) found.set(child.spanId, child)
  }
  return [...found.values()]
}

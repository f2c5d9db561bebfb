// The trace model that everything in the lens works on, and the questions a single trace can answer about itself.

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

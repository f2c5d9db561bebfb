// From the lens's shapes back to OTLP/JSON requests, so that tests can send hand-made traces and lines to a receiver.
import type { LogLine } from '../../services/lens/source.ts'
import type { Attributes, AttributeValue, Span } from '../../services/lens/trace.ts'

const kinds = ['', 'internal', 'server', 'client', 'producer', 'consumer']
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']

/** A trace request with the spans grouped by service; every time is moved by `shiftMs`. */
export function otlpTraces(spans: readonly Span[], shiftMs = 0) {
  const groups = Map.groupBy(spans, (span) => span.service)
  return {
    resourceSpans: [...groups].map(([service, own]) => ({
      resource: { attributes: pairs({ 'service.name': service, 'service.instance.id': `${service}-1` }) },
      scopeSpans: [{ spans: own.map((span) => spanOf(span, shiftMs)) }],
    })),
  }
}

/** A log request; every time is moved by `shiftMs`. */
export function otlpLogs(lines: readonly LogLine[], shiftMs = 0) {
  const groups = Map.groupBy(lines, (line) => line.service)
  return {
    resourceLogs: [...groups].map(([service, own]) => ({
      resource: { attributes: pairs({ 'service.name': service }) },
      scopeLogs: [{ logRecords: own.map((line) => recordOf(line, shiftMs)) }],
    })),
  }
}

/** Milliseconds as OTLP writes time: nanoseconds, as text. */
export const nanos = (ms: number): string => `${Math.floor(ms)}${String(Math.round((ms % 1) * 1e6)).padStart(6, '0')}`

/** Attributes as OTLP/JSON writes them. */
export const pairs = (attributes: Attributes) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))

function anyValue(value: AttributeValue): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  if (value === null) return {}
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
  return { kvlistValue: { values: pairs(value) } }
}

function spanOf(span: Span, shiftMs: number) {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: kinds.indexOf(span.kind),
    startTimeUnixNano: nanos(span.startMs + shiftMs),
    endTimeUnixNano: nanos(span.endMs + shiftMs),
    attributes: pairs(span.attributes),
    events: span.events.map(({ name, atMs, attributes }) => ({
      name,
      timeUnixNano: nanos(atMs + shiftMs),
      attributes: pairs(attributes),
    })),
    links: span.links.map(({ attributes, ...ids }) => ({ ...ids, attributes: pairs(attributes) })),
    status: { code: ['unset', 'ok', 'error'].indexOf(span.status), message: span.statusMessage ?? '' },
  }
}

function recordOf(line: LogLine, shiftMs: number) {
  return {
    timeUnixNano: nanos(line.atMs + shiftMs),
    severityNumber: levels.indexOf(line.severity) * 4 + 1,
    body: { stringValue: line.body },
    attributes: pairs(line.attributes),
    ...(line.traceId === undefined ? {} : { traceId: line.traceId }),
    ...(line.spanId === undefined ? {} : { spanId: line.spanId }),
  }
}

// Spans, lines and series as OTLP/JSON again: what came in as OTLP goes out as OTLP. https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
import type { LogLine } from '../../services/lens/source.ts'
import type { Attributes, AttributeValue, Span, Trace } from '../../services/lens/trace.ts'
import { levels } from './read-logs.ts'
import { type Exemplar, labelsOfResource } from './read-metrics.ts'
import { kinds, statuses } from './read-traces.ts'
import type { StoredSeries } from './series-store.ts'

const delta = 1

/** One trace, its spans grouped by the process that made them. */
export function traceRequest({ spans }: Trace): object {
  const groups = Map.groupBy(spans, ({ resource }) => resource)
  return {
    resourceSpans: [...groups].map(([resource, members]) => ({
      resource: { attributes: pairs(resource) },
      scopeSpans: [{ spans: members.map(spanJson) }],
    })),
  }
}

/** Lines of one service. */
export function logsRequest(service: string, lines: readonly LogLine[]): object {
  return {
    resourceLogs: [
      {
        resource: { attributes: pairs({ 'service.name': service }) },
        scopeLogs: [{ logRecords: lines.map(lineJson) }],
      },
    ],
  }
}

/** One series. Its points tell each of their own interval: counters and histograms go out as deltas. */
export function metricsRequest({ metric, unit, kind, labels, bounds, points, exemplars }: StoredSeries): object {
  const [resource, attributes] = split(labels)
  const dataPoints = points.map(({ atMs, value, count, sum, counts }, i) => ({
    timeUnixNano: nanos(atMs),
    attributes: pairs(attributes),
    ...(kind === 'histogram'
      ? {
          ...{ count: String(count ?? 0), sum: sum ?? 0 },
          ...(counts === undefined ? {} : { explicitBounds: bounds, bucketCounts: counts.map(String) }),
        }
      : { asDouble: value }),
    // Which point one belongs to is not kept: they all go with the first.
    ...(i === 0 && exemplars.length > 0 ? { exemplars: exemplars.map(exemplarJson) } : {}),
  }))
  const data = {
    gauge: { gauge: { dataPoints } },
    updown: { sum: { dataPoints, aggregationTemporality: delta, isMonotonic: false } },
    counter: { sum: { dataPoints, aggregationTemporality: delta, isMonotonic: true } },
    histogram: { histogram: { dataPoints, aggregationTemporality: delta } },
  }[kind]
  return {
    resourceMetrics: [
      { resource: { attributes: pairs(resource) }, scopeMetrics: [{ metrics: [{ name: metric, unit, ...data }] }] },
    ],
  }
}

const spanJson = (span: Span): object => ({
  traceId: span.traceId,
  spanId: span.spanId,
  ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
  name: span.name,
  // The first of the two internal ones is OTLP's "unspecified".
  kind: kinds.lastIndexOf(span.kind),
  startTimeUnixNano: nanos(span.startMs),
  endTimeUnixNano: nanos(span.endMs),
  attributes: pairs(span.attributes),
  events: span.events.map(({ name, atMs, attributes }) => ({
    name,
    timeUnixNano: nanos(atMs),
    attributes: pairs(attributes),
  })),
  links: span.links.map(({ attributes, ...ids }) => ({ ...ids, attributes: pairs(attributes) })),
  status: {
    code: statuses.indexOf(span.status),
    ...(span.statusMessage === undefined ? {} : { message: span.statusMessage }),
  },
})

const lineJson = ({ atMs, severity, body, traceId, spanId, attributes }: LogLine): object => ({
  timeUnixNano: nanos(atMs),
  ...(levels.includes(severity) ? { severityNumber: levels.indexOf(severity) * 4 + 1 } : {}),
  severityText: severity,
  body: { stringValue: body },
  ...(traceId === undefined ? {} : { traceId }),
  ...(spanId === undefined ? {} : { spanId }),
  attributes: pairs(attributes),
})

const exemplarJson = ({ atMs, value, traceId, spanId }: Exemplar): object => ({
  ...{ timeUnixNano: nanos(atMs), asDouble: value, traceId },
  ...(spanId === undefined ? {} : { spanId }),
})

/** What `labelsOf` took from the resource goes back there. */
function split(labels: Record<string, string>): [resource: Attributes, attributes: Attributes] {
  const isOfResource = (key: string) => labelsOfResource.includes(key)
  const part = (isMeant: (key: string) => boolean) =>
    Object.fromEntries(Object.entries(labels).filter(([key]) => isMeant(key)))
  return [part(isOfResource), part((key) => !isOfResource(key))]
}

/** A millisecond and its fraction apart: together they would not fit into a double. The inverse of `millisOf`. */
function nanos(ms: number): string {
  const whole = Math.floor(ms)
  return String(BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e6)))
}

const pairs = (attributes: Attributes): object[] =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))

function anyValue(value: AttributeValue): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
  return value === null ? {} : { kvlistValue: { values: pairs(value) } }
}

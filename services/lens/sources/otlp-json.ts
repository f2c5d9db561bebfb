// OTLP/JSON spans, as Tempo and Jaeger answer with, in the lens's own shape. Nothing gets lost: both keep all that OTLP has.
import { z } from 'zod'
import type { Attributes, AttributeValue, Span, SpanKind, Trace } from '../trace.ts'

type AnyValue = { [kind: string]: unknown }
const KeyValues = z
  .array(z.object({ key: z.string(), value: z.record(z.string(), z.unknown()).optional() }))
  .default([])
type KeyValues = z.output<typeof KeyValues>

/** Tempo writes enums by name and ids in base64 (protobuf's JSON), Jaeger numbers and hex (OTLP's JSON). */
const Enum = z.union([z.number(), z.string()]).default(0)
const Time = z.union([z.string(), z.number()]).default('0')

const OtlpSpan = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().default(''),
  name: z.string().default(''),
  kind: Enum,
  startTimeUnixNano: Time,
  endTimeUnixNano: Time,
  attributes: KeyValues,
  events: z.array(z.object({ timeUnixNano: Time, name: z.string().default(''), attributes: KeyValues })).default([]),
  links: z.array(z.object({ traceId: z.string(), spanId: z.string(), attributes: KeyValues })).default([]),
  status: z.object({ code: Enum, message: z.string().default('') }).default({ code: 0, message: '' }),
})

export const ResourceSpans = z.array(
  z.object({
    resource: z.object({ attributes: KeyValues }).default({ attributes: [] }),
    scopeSpans: z.array(z.object({ spans: z.array(OtlpSpan).default([]) })).default([]),
  }),
)
export type ResourceSpans = z.output<typeof ResourceSpans>

/** The traces that the spans belong to, each sorted by start time. */
export function tracesOf(groups: ResourceSpans): Trace[] {
  const spans = groups.flatMap(({ resource, scopeSpans }) => {
    const attributes = attributesOf(resource.attributes)
    return scopeSpans.flatMap((scope) => scope.spans.map((span) => spanOf(span, attributes)))
  })
  const byTrace = Map.groupBy(spans, ({ traceId }) => traceId)
  return [...byTrace].map(([traceId, own]) => ({ traceId, spans: own.sort((a, b) => a.startMs - b.startMs) }))
}

function spanOf(span: z.output<typeof OtlpSpan>, resource: Attributes): Span {
  const startMs = millisOf(span.startTimeUnixNano)
  const instance = resource['service.instance.id']
  return {
    traceId: idOf(span.traceId),
    spanId: idOf(span.spanId),
    ...(isNone(span.parentSpanId) ? {} : { parentSpanId: idOf(span.parentSpanId) }),
    name: span.name,
    kind: kindOf(span.kind),
    service: String(resource['service.name'] ?? 'unknown_service'),
    ...(typeof instance === 'string' ? { instance } : {}),
    startMs,
    endMs: Math.max(startMs, millisOf(span.endTimeUnixNano)),
    status: statusOf(span.status.code),
    ...(span.status.message === '' ? {} : { statusMessage: span.status.message }),
    attributes: attributesOf(span.attributes),
    // Jaeger does not keep their order.
    events: span.events
      .map(({ name, timeUnixNano, attributes }) => ({
        ...{ name, atMs: millisOf(timeUnixNano) },
        attributes: attributesOf(attributes),
      }))
      .sort((a, b) => a.atMs - b.atMs),
    links: span.links.map(({ traceId, spanId, attributes }) => ({
      ...{ traceId: idOf(traceId), spanId: idOf(spanId) },
      attributes: attributesOf(attributes),
    })),
    resource,
  }
}

const kinds: readonly SpanKind[] = ['internal', 'internal', 'server', 'client', 'producer', 'consumer']

function kindOf(kind: number | string): SpanKind {
  if (typeof kind === 'number') return kinds[kind] ?? 'internal'
  const name = kind.replace('SPAN_KIND_', '').toLowerCase()
  return kinds.find((one) => one === name) ?? 'internal'
}

function statusOf(code: number | string): Span['status'] {
  if (code === 1 || code === 'STATUS_CODE_OK') return 'ok'
  return code === 2 || code === 'STATUS_CODE_ERROR' ? 'error' : 'unset'
}

/** Hex has 16 or 32 digits, base64 of the same bytes 12 or 24. */
const idOf = (id: string): string =>
  /^([0-9a-f]{16}|[0-9a-f]{32})$/i.test(id) ? id.toLowerCase() : Buffer.from(id, 'base64').toString('hex')

const isNone = (id: string): boolean => id === '' || /^0*$/.test(idOf(id))

/** Split before the division: nanoseconds since 1970 do not fit into a double, and whole milliseconds shall stay whole. */
export function millisOf(nanos: string | number): number {
  const digits = String(nanos).padStart(7, '0')
  return Number(digits.slice(0, -6)) + Number(digits.slice(-6)) / 1e6
}

const attributesOf = (pairs: KeyValues): Attributes =>
  Object.fromEntries(pairs.map(({ key, value = {} }) => [key, plainOf(value)]))

function plainOf(value: AnyValue): AttributeValue {
  if ('intValue' in value) return Number(value.intValue)
  if ('arrayValue' in value) return listIn(value.arrayValue).map((item) => plainOf(item as AnyValue))
  if ('kvlistValue' in value) return attributesOf(KeyValues.parse(listIn(value.kvlistValue)))
  const [plain] = Object.values(value)
  return typeof plain === 'string' || typeof plain === 'number' || typeof plain === 'boolean' ? plain : null
}

const listIn = (holder: unknown): unknown[] => (holder as { values?: unknown[] } | undefined)?.values ?? []

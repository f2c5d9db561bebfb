// Zipkin's spans, as the Collector writes them, in the lens's own shape. Brought back: names in capitals (Zipkin lower-cases
// them), numbers and lists (it stores text), resource attributes (it mixes them with the span's), events, links and status
// (hidden in annotations and tags). Lost: everything below a microsecond, a peer's address, and the type of a text that looks
// like a number.
import { z } from 'zod'
import { attributes as names, spans as spanNames } from '../../kit/telemetry/names.ts'
import type { Attributes, Span, SpanEvent, SpanKind, SpanLink } from '../trace.ts'
import { revived } from './attribute-names.ts'

export const ZipkinSpan = z.object({
  traceId: z.string(),
  id: z.string(),
  parentId: z.string().optional(),
  name: z.string().default(''),
  kind: z.enum(['CLIENT', 'SERVER', 'PRODUCER', 'CONSUMER']).optional(),
  timestamp: z.number().default(0),
  duration: z.number().default(0),
  localEndpoint: z.object({ serviceName: z.string().default('unknown_service') }).optional(),
  remoteEndpoint: z.object({ serviceName: z.string().optional() }).optional(),
  annotations: z.array(z.object({ timestamp: z.number(), value: z.string() })).default([]),
  tags: z.record(z.string(), z.string()).default({}),
})

const id = (text: string, digits: 16 | 32): string => text.toLowerCase().padStart(digits, '0')

export function spanOf(span: z.output<typeof ZipkinSpan>): Span {
  const { tags } = span
  const startMs = span.timestamp / 1000
  const service = span.localEndpoint?.serviceName ?? 'unknown_service'
  const instance = tags['service.instance.id']
  const message = tags['otel.status_description']
  const peer = span.remoteEndpoint?.serviceName
  return {
    traceId: id(span.traceId, 32),
    spanId: id(span.id, 16),
    ...(span.parentId === undefined ? {} : { parentSpanId: id(span.parentId, 16) }),
    name: nameOf(span.name),
    kind: (span.kind?.toLowerCase() ?? 'internal') as SpanKind,
    service,
    ...(instance === undefined ? {} : { instance }),
    startMs,
    endMs: (span.timestamp + span.duration) / 1000,
    status: statuses[tags['otel.status_code'] ?? ''] ?? 'unset',
    ...(message === undefined ? {} : { statusMessage: message }),
    attributes: {
      ...attributesIn(tags, (key) => !isResource(key) && !isOurs(key, tags)),
      ...(peer === undefined ? {} : { [names.peerService]: peer }),
    },
    events: span.annotations.map(({ timestamp, value }) => eventOf(timestamp / 1000, value)),
    links: Object.entries(tags).flatMap(([key, value]) => (key.startsWith('otlp.link.') ? linkOf(value) : [])),
    resource: { ...attributesIn(tags, isResource), 'service.name': service },
  }
}

const statuses: Record<string, Span['status']> = { STATUS_CODE_OK: 'ok', STATUS_CODE_ERROR: 'error' }

const isResource = (key: string): boolean => /^(service|host|process|os|container|telemetry|deployment)\./.test(key)

/** Tags that the Collector adds when it translates. */
const isOurs = (key: string, tags: Record<string, string>): boolean =>
  /^(otel\.|otlp\.link\.|span\.kind$|error$)/.test(key) ||
  (key === 'http.status_code' && 'http.response.status_code' in tags)

function attributesIn(tags: Record<string, string>, isWanted: (key: string) => boolean): Attributes {
  const wanted = Object.entries(tags).filter(([key]) => isWanted(key))
  return Object.fromEntries(wanted.map(([key, value]) => [key, textKeys.has(key) ? value : revived(value)]))
}

/** Text by the conventions, whatever it looks like. */
const textKeys = new Set<string>([names.errorType, 'network.protocol.version', 'db.response.status_code', 'user.id'])

/** `retry|{"attempt":2}|0`, the last part being how many attributes were dropped; without attributes the name alone. */
function eventOf(atMs: number, value: string): SpanEvent {
  const [, name, json] = /^(.*?)\|(\{.*\})\|\d+$/s.exec(value) ?? []
  const attributes = json === undefined ? {} : revived(json)
  return { name: name ?? value, atMs, attributes: attributes as Attributes }
}

/** `trace id|span id|state|{attributes}|0` */
function linkOf(value: string): SpanLink[] {
  const [, traceId, spanId, json] = /^([0-9a-f]+)\|([0-9a-f]+)\|[^|]*\|(\{.*\})\|\d+$/s.exec(value) ?? []
  if (traceId === undefined || spanId === undefined) return []
  return [{ traceId, spanId, attributes: revived(json ?? '{}') as Attributes }]
}

const known = new Map(Object.values(spanNames).map((name) => [name.toLowerCase(), name]))

/** Names of spans as the instrumentations write them: `POST /quotes`, `pg.query:SELECT shop`. */
const nameOf = (name: string): string =>
  known.get(name) ??
  name
    .replace(/^(get|post|put|patch|delete|head|options)(?= |$)/, (method) => method.toUpperCase())
    .replace(/^pg\.query:(\w+)/, (_, verb: string) => `pg.query:${verb.toUpperCase()}`)

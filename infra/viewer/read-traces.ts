// Decoded trace requests → spans in the lens's own shape.
import type { Span, SpanEvent, SpanKind, SpanLink } from '../../services/lens/trace.ts'
import type { Once } from './once.ts'
import { attributesOf, idOf, listOf, millisOf, numberOf, objectOf, type Raw, textOf } from './otlp-values.ts'
import { collect, type Origin, originOf, type Read, requestOf } from './read-request.ts'

/** By OTLP's number. */
export const kinds: readonly SpanKind[] = ['internal', 'internal', 'server', 'client', 'producer', 'consumer']
export const statuses = ['unset', 'ok', 'error'] as const

/** All spans of a request; those without usable ids or times are refused and counted. */
export function readSpans(request: unknown, once: Once): Read<Span> {
  const read: Read<Span> = { items: [], rejected: 0, why: '' }
  for (const group of listOf(requestOf(request), 'resourceSpans')) {
    const origin = originOf(group, once)
    for (const scope of listOf(group, 'scopeSpans')) {
      for (const raw of listOf(scope, 'spans')) {
        collect(read, spanOf(raw, origin, once))
      }
    }
  }
  return read
}

/** The span, or the reason why it is none. */
function spanOf(raw: Raw, origin: Origin, once: Once): Span | string {
  const traceId = idOf(raw.traceId, 16)
  const spanId = idOf(raw.spanId, 8)
  const startMs = millisOf(raw.startTimeUnixNano)
  const endMs = millisOf(raw.endTimeUnixNano)
  if (traceId === undefined) return 'A span has no valid trace id (16 bytes, not all zero)'
  if (spanId === undefined) return `A span of trace ${traceId} has no valid span id (8 bytes, not all zero)`
  if (startMs === undefined || endMs === undefined) return `Span ${spanId} has no start or end time`
  const parentSpanId = idOf(raw.parentSpanId, 8)
  const status = objectOf(raw, 'status')
  const statusMessage = textOf(status?.message)
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: once.text(textOf(raw.name)),
    kind: kinds[numberOf(raw.kind) ?? 0] ?? 'internal',
    service: origin.service,
    ...(origin.instance === undefined ? {} : { instance: origin.instance }),
    startMs,
    // Clock steps can make an end precede its start; a negative duration would break every sum over it.
    endMs: Math.max(startMs, endMs),
    status: statuses[numberOf(status?.code) ?? 0] ?? 'unset',
    ...(statusMessage === '' ? {} : { statusMessage }),
    attributes: attributesOf(raw, once),
    events: eventsOf(raw, once),
    links: linksOf(raw, once),
    resource: origin.resource,
  }
}

/** Shared by the many spans without events or links. Frozen, because it is shared. */
const none: never[] = Object.freeze([]) as unknown as never[]

function eventsOf(raw: Raw, once: Once): SpanEvent[] {
  const events = listOf(raw, 'events')
  if (events.length === 0) return none
  return events.map((event) => ({
    name: once.text(textOf(event.name)),
    atMs: millisOf(event.timeUnixNano) ?? 0,
    attributes: attributesOf(event, once),
  }))
}

function linksOf(raw: Raw, once: Once): SpanLink[] {
  const links = listOf(raw, 'links')
  if (links.length === 0) return none
  return links.flatMap((link) => {
    const traceId = idOf(link.traceId, 16)
    const spanId = idOf(link.spanId, 8)
    return traceId && spanId ? [{ traceId, spanId, attributes: attributesOf(link, once) }] : []
  })
}

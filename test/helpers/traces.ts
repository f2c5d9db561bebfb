// Hand-made traces: a span is written with its children inside it, times in ms from the start of the trace.
import type { LogLine } from '../../services/lens/source.ts'
import type { Span, SpanKind, Trace } from '../../services/lens/trace.ts'

type Sketch = { span: Omit<Span, 'traceId' | 'spanId'> & { spanId?: string }; children: Sketch[] }
type More = Partial<Omit<Span, 'traceId' | 'service' | 'name' | 'startMs' | 'endMs'>>

/** A span (internal unless `more.kind` says otherwise) from `startMs` to `endMs`. */
export function span(
  service: string,
  name: string,
  startMs: number,
  endMs: number,
  children: Sketch[] = [],
  more: More = {},
): Sketch {
  const plain = { kind: 'internal', status: 'unset', attributes: {}, events: [], links: [], resource: {} } as const
  return { span: { ...plain, events: [], links: [], service, name, startMs, endMs, ...more }, children }
}

const ofKind =
  (kind: SpanKind) =>
  (service: string, name: string, startMs: number, endMs: number, children: Sketch[] = [], more: More = {}): Sketch =>
    span(service, name, startMs, endMs, children, { kind, ...more })

export const server = ofKind('server')
export const client = ofKind('client')
export const consumer = ofKind('consumer')

/** A trace of one root sketch. Span ids count up depth first: 01, 02, … unless a sketch has its own. */
export function trace(root: Sketch, traceId = 'a'.repeat(32)): Trace {
  const spans: Span[] = []
  const add = (sketch: Sketch, parentSpanId: string | undefined): void => {
    const spanId = sketch.span.spanId ?? (spans.length + 1).toString(16).padStart(16, '0')
    spans.push({ ...(parentSpanId === undefined ? {} : { parentSpanId }), ...sketch.span, traceId, spanId })
    for (const child of sketch.children) add(child, spanId)
  }
  add(root, undefined)
  return { traceId, spans: spans.sort((a, b) => a.startMs - b.startMs) }
}

/** The id of the only span with this name. */
export function idOf(of: Trace, name: string): string {
  const found = of.spans.filter((candidate) => candidate.name === name)
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} spans are called ${name}, not one`)
  return found[0].spanId
}

/** A 32-digit trace id that carries a number. */
export const traceIdOf = (n: number): string => n.toString(16).padStart(32, '0')

/** A log line at `atMs`, info of service api unless `more` says otherwise. */
export const logLine = (atMs: number, body: string, more: Partial<LogLine> = {}): LogLine => ({
  atMs,
  body,
  service: 'api',
  severity: 'info',
  attributes: {},
  ...more,
})

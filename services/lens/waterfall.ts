// The waterfall of a trace in a terminal: one line for each span, as a tree, with a bar that shows when it ran.
import { attributes } from '../kit/telemetry/names.ts'
import { criticalPath, type Segment } from './critical-path.ts'
import { cell, inMs, type Palette } from './text.ts'
import { type AttributeValue, childIndex, durationMs, type Span, type SpanEvent, type Trace } from './trace.ts'

/** The stretch of time (epoch ms) that the bars cover, and what they are drawn with. */
export type Frame = { fromMs: number; toMs: number; columns: number; paint: Palette }
/** A span where it stands in the tree; `depth` 0 is a root. */
type Placed = { span: Span; depth: number }

/** Characters for a duration, such as `12345 ms`. */
export const durationWidth = 9

/** Bars cover the root's interval: a consumer that runs seconds later would squeeze everything else into one column. */
export const scaleOf = (root: Span): Pick<Frame, 'fromMs' | 'toMs'> => ({
  fromMs: root.startMs,
  toMs: Math.max(root.endMs, root.startMs + 0.001),
})

/** One line for each span and each of its events. `─` a span ran, `█` it was on the critical path, `▸` it runs after the root. */
export function waterfall(trace: Trace, root: Span, frame: Frame): string[] {
  const segments = Map.groupBy(criticalPath(trace), ({ spanId }) => spanId)
  return placed(trace, root).flatMap(({ span, depth }) => [
    spanLine(span, depth, segments.get(span.spanId) ?? [], frame),
    ...span.events.map((event) => eventLine(event, depth, frame)),
  ])
}

/** `+12 ms` after the start of the frame, `−3.0 ms` before it. */
export const since = (atMs: number, { fromMs }: Frame): string =>
  `${atMs < fromMs ? '−' : '+'}${inMs(Math.abs(atMs - fromMs))}`

/** Depth first from the root, then from every other span whose parent is not here, then what a loop of parents hides. */
function placed(trace: Trace, root: Span): Placed[] {
  const children = childIndex(trace)
  const ids = new Set(trace.spans.map(({ spanId }) => spanId))
  const tops = trace.spans.filter(({ parentSpanId }) => parentSpanId === undefined || !ids.has(parentSpanId))
  const order: Placed[] = []
  const seen = new Set<Span>()
  for (const top of [root, ...tops, ...trace.spans]) {
    const open: Placed[] = [{ span: top, depth: 0 }]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next.span)) continue
      seen.add(next.span)
      order.push(next)
      const depth = next.depth + 1
      open.push(
        ...children(next.span)
          .toReversed()
          .map((span) => ({ span, depth })),
      )
    }
  }
  return order
}

function spanLine(span: Span, depth: number, segments: readonly Segment[], frame: Frame): string {
  const { columns, paint } = frame
  const labelWidth = Math.floor(columns * 0.45)
  const indent = ' '.repeat(Math.min(depth * 2, Math.floor(labelWidth / 3)))
  const isError = span.status === 'error'
  const label = cell(`${indent}${span.service} ${isError ? '✗ ' : ''}${span.name}${towards(span)}`, labelWidth)
  const duration = inMs(durationMs(span)).padStart(durationWidth)
  const drawn = bar(span, segments, columns - labelWidth - durationWidth - 2, frame)
  return `${isError ? paint.red(label) : label} ${duration} ${drawn}`.trimEnd()
}

function bar(span: Span, segments: readonly Segment[], width: number, frame: Frame): string {
  const { fromMs, toMs, paint } = frame
  if (span.startMs >= toMs) return paint.dim(`▸ ${since(span.startMs, frame)}`)
  const columnOf = (ms: number) => ((ms - fromMs) / (toMs - fromMs)) * width
  const cells = new Array<string>(width).fill(' ')
  const draw = (mark: string, startMs: number, endMs: number) => {
    // At least one cell: what is too short to see still happened.
    const first = Math.min(width - 1, Math.max(0, Math.floor(columnOf(startMs))))
    cells.fill(mark, first, Math.max(first + 1, Math.ceil(columnOf(endMs))))
  }
  draw('─', span.startMs, span.endMs)
  for (const segment of segments) draw('█', segment.fromMs, segment.toMs)
  if (span.endMs > toMs + 1) cells[width - 1] = '▸'
  return cells.join('').replaceAll(/█+/g, paint.yellow)
}

function eventLine({ name, atMs, attributes }: SpanEvent, depth: number, frame: Frame): string {
  const indent = ' '.repeat(Math.min(depth * 2 + 2, Math.floor(frame.columns * 0.2)))
  const facts = Object.entries(attributes).map(([key, value]) => `${key}=${plain(value)}`)
  return frame.paint.cyan(cell([`${indent}· ${name}`, since(atMs, frame), ...facts].join(' '), frame.columns).trimEnd())
}

const plain = (value: AttributeValue): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** All client spans of one method have one name; whom they go to tells them apart. */
function towards(span: Span): string {
  const peer = span.attributes[attributes.peerService]
  return typeof peer === 'string' ? ` → ${peer}` : ''
}

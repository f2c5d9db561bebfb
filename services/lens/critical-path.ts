// The critical path of a trace: the chain of work that decided when the root ended, as stretches of time that add up to it.
import { childIndex, rootOf, type Span, type Trace } from './trace.ts'

/**
 * A stretch of the critical path, epoch ms, belonging to one span. `self` is work of the span; on a CLIENT span with its
 * SERVER child, `before-server` is what passed until the server started (queue, connect, network, a busy event loop on
 * either side) and `after-server` what passed between the server's end and the client's.
 */
export type Segment = { spanId: string; fromMs: number; toMs: number; part: 'self' | 'before-server' | 'after-server' }

/** How much of a critical path one operation has: ms, and the share (0–1) of the whole path. */
export type OperationShare = { service: string; name: string; part: Segment['part']; ms: number; share: number }

/** Siblings that overlap by less than this ran one after the other: span clocks are not better than that (so does CRISP). */
const overlapToleranceMs = 1

/**
 * The critical path over the root's own interval, by time; its segments do not overlap and add up to the root's duration.
 * Empty for an empty trace.
 *
 * Jaeger's definition (jaeger-ui `CriticalPath`; Zhang et al., CRISP, USENIX ATC 2022): what follows the end of the
 * last-finishing child is the parent's; recurse into that child; from its start walk back to the child that finished last
 * before it. Children are truncated to their parent (`findings` reports the overflow). A queue consumer never holds its
 * parent up, so it is not followed even when it starts before the parent ends.
 */
export function criticalPath(trace: Trace): Segment[] {
  const root = rootOf(trace)
  if (root === undefined) return []
  const childrenOf = childIndex(trace)
  const seen = new Set([root.spanId])
  const segments: Segment[] = []
  const open = [{ span: root, fromMs: root.startMs, toMs: root.endMs }]
  for (let stretch = open.pop(); stretch !== undefined; stretch = open.pop()) {
    const { span, fromMs } = stretch
    const children = childrenOf(span)
    let cursorMs = stretch.toMs
    for (const child of children.toSorted((a, b) => b.endMs - a.endMs)) {
      const childToMs = Math.min(child.endMs, cursorMs)
      const childFromMs = Math.max(child.startMs, fromMs)
      const isBeforeCursor = child.endMs <= cursorMs + overlapToleranceMs || cursorMs === stretch.toMs
      if (child.kind === 'consumer' || !isBeforeCursor || childFromMs >= childToMs || seen.has(child.spanId)) continue
      segments.push(...partsOf(span, children, childToMs, cursorMs))
      open.push({ span: child, fromMs: childFromMs, toMs: childToMs })
      seen.add(child.spanId)
      cursorMs = childFromMs
    }
    segments.push(...partsOf(span, children, fromMs, cursorMs))
  }
  return segments.sort((a, b) => a.fromMs - b.fromMs)
}

/** Milliseconds of the path per service, span name and part, largest first. */
export function shareByOperation(segments: readonly Segment[], trace: Trace): OperationShare[] {
  const spans = new Map(trace.spans.map((span) => [span.spanId, span]))
  const totalMs = segments.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)
  const byOperation = new Map<string, OperationShare>()
  for (const { spanId, fromMs, toMs, part } of segments) {
    const { service = 'unknown', name = 'unknown' } = spans.get(spanId) ?? {}
    const key = JSON.stringify([service, name, part])
    const soFar = byOperation.get(key) ?? { service, name, part, ms: 0, share: 0 }
    const ms = soFar.ms + toMs - fromMs
    byOperation.set(key, { ...soFar, ms, share: totalMs === 0 ? 0 : ms / totalMs })
  }
  return [...byOperation.values()].sort((a, b) => b.ms - a.ms)
}

/** A span's own stretch of the path, cut where its server child starts and ends. Stretches without length vanish. */
function partsOf(span: Span, children: readonly Span[], fromMs: number, toMs: number): Segment[] {
  const servers = span.kind === 'client' ? children.filter((child) => child.kind === 'server') : []
  const within = (ms: number) => Math.min(Math.max(ms, fromMs), toMs)
  const serverFromMs = within(Math.min(...servers.map((server) => server.startMs)))
  const serverToMs = within(Math.max(...servers.map((server) => server.endMs)))
  const parts: Segment[] =
    servers.length === 0
      ? [{ spanId: span.spanId, fromMs, toMs, part: 'self' }]
      : [
          { spanId: span.spanId, fromMs, toMs: serverFromMs, part: 'before-server' },
          { spanId: span.spanId, fromMs: serverFromMs, toMs: serverToMs, part: 'self' },
          { spanId: span.spanId, fromMs: serverToMs, toMs, part: 'after-server' },
        ]
  return parts.filter((part) => part.toMs > part.fromMs)
}

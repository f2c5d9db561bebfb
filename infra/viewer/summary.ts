// What the trace list shows of a trace.
import type { TraceSummary } from '../../services/lens/sources/viewer.ts'
import { orphansOf, rootOf, type Span, type Trace } from '../../services/lens/trace.ts'

/** @throws never for a trace with at least one span, which every stored trace has */
export function summaryOf(trace: Trace): TraceSummary {
  const root = rootOf(trace) ?? (trace.spans[0] as Span)
  const route = root.attributes['http.route']
  return {
    traceId: trace.traceId,
    rootName: root.name,
    rootService: root.service,
    ...(typeof route === 'string' ? { route } : {}),
    startMs: root.startMs,
    durationMs: root.endMs - root.startMs,
    spanCount: trace.spans.length,
    services: [...new Set(trace.spans.map((span) => span.service))],
    errorCount: trace.spans.filter((span) => span.status === 'error').length,
    status: root.status,
    hasRoot: root.parentSpanId === undefined,
    isComplete: root.parentSpanId === undefined && orphansOf(trace).length === 0,
  }
}

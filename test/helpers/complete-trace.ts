// Waiting until a checkout's trace has arrived whole, from whichever backend it is asked for.
import type { TraceSource } from '../../services/lens/sources/trace-source.ts'
import { checkoutSpan, orphansOf, type Span, type Trace, unansweredOf } from '../../services/lens/trace.ts'
import { eventually } from './eventually.ts'

/** A checkout's trace once its root, every parent, the other side of every call and both consumers are there. */
export function completeTrace(source: Pick<TraceSource, 'trace'>, traceId: string, withinMs = 30_000): Promise<Trace> {
  return eventually(
    `trace ${traceId} is complete`,
    async () => {
      const trace = await source.trace(traceId)
      if (trace === undefined) throw new Error('not there yet')
      if (checkoutSpan(trace) === undefined) throw new Error('its root is missing')
      const orphans = orphansOf(trace)
      if (orphans.length > 0) throw new Error(`${orphans.length} orphans: ${namesOf(orphans)}`)
      // An answer with nothing below it is nobody's parent: only the call it belongs to tells that it is missing.
      const unanswered = unansweredOf(trace)
      if (unanswered.length > 0) throw new Error(`no other side yet: ${namesOf(unanswered)}`)
      const settled = trace.spans.filter((span) => span.name.startsWith('complete order-placed/'))
      if (settled.length < 2) throw new Error(`${settled.length} of 2 consumers are done`)
      return trace
    },
    { withinMs, everyMs: 100 },
  )
}

const namesOf = (spans: readonly Span[]): string => spans.map((span) => span.name).join(', ')

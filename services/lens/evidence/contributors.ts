// Where the time of one checkout went: ms on its critical path, by who is to be credited.
import { criticalPath, type OperationShare, type Segment } from '../critical-path.ts'
import { checkoutSpan, childIndex, matches, type SpanFilter, subtreeOf, type Trace } from '../trace.ts'

/** Ms on the checkout's critical path that belong to the claimed spans, and the largest other contributor. */
export type Contribution = { claimedMs: number; otherMs: number; otherName: string }

/** Everything in and below spans that match: a query below `lock stock` is time spent locking stock. */
export function contributionBelow(trace: Trace, filter: SpanFilter): Contribution {
  const children = childIndex(trace)
  const tops = trace.spans.filter((span) => matches(span, filter))
  const claimed = new Set(tops.flatMap((span) => subtreeOf(span, children)).map((span) => span.spanId))
  return contribution(trace, (segment) => claimed.has(segment.spanId))
}

/** One part of spans that match: their own work, or the stretches before or after the server span inside client spans. */
export function contributionOfPart(trace: Trace, filter: SpanFilter, part: Segment['part']): Contribution {
  const claimed = new Set(trace.spans.filter((span) => matches(span, filter)).map((span) => span.spanId))
  return contribution(trace, (segment) => segment.part === part && claimed.has(segment.spanId))
}

/** The one operation (or gap) that has most of the checkout's critical path. */
export const largestContributor = (trace: Trace): string => contribution(trace, () => false).otherName

function contribution(trace: Trace, isClaimed: (segment: Segment) => boolean): Contribution {
  const spans = new Map(trace.spans.map((span) => [span.spanId, span]))
  const others = new Map<string, number>()
  let claimedMs = 0
  for (const segment of checkoutPath(trace)) {
    const ms = segment.toMs - segment.fromMs
    const span = spans.get(segment.spanId)
    const name = span === undefined ? 'unknown' : operationLabel({ ...span, part: segment.part })
    if (isClaimed(segment)) claimedMs += ms
    else others.set(name, (others.get(name) ?? 0) + ms)
  }
  const [otherName, otherMs] = [...others].sort((a, b) => b[1] - a[1])[0] ?? ['nothing else', 0]
  return { claimedMs, otherMs, otherName }
}

/** The critical path of the checkout alone: what is above or beside it in the trace is cut away. */
export function checkoutPath(trace: Trace): Segment[] {
  const checkout = checkoutSpan(trace)
  if (checkout === undefined) return criticalPath(trace)
  const { parentSpanId: _, ...top } = checkout
  const below = subtreeOf(checkout, childIndex(trace)).filter((span) => span !== checkout)
  return criticalPath({ ...trace, spans: [top, ...below] })
}

/** `payment POST`, `inventory GET (before-server)`. */
export const operationLabel = ({ service, name, part }: Pick<OperationShare, 'service' | 'name' | 'part'>): string =>
  `${service} ${name}${part === 'self' ? '' : ` (${part})`}`

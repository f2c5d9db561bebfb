// Trace evidence about asking twice: a call that was refused, a pause, and the same call again, which was answered.
import { median } from '../statistics.ts'
import { inMs } from '../text.ts'
import {
  checkoutSpan,
  childIndex,
  durationMs,
  findSpans,
  matches,
  type Span,
  type SpanFilter,
  type Trace,
} from '../trace.ts'
import { pasteAnswered, pasteSlowTraces } from './paste.ts'
import { among, judgeShare, overSlowTraces } from './population.ts'
import type { Cohort, Evidence } from './types.ts'

/** The pauses must be this part of the checkout: then they are what made it slow. */
const mostOfIt = 0.5

type Options = SpanFilter & { status: number; among?: Cohort; atLeastShare: number }

/**
 * In at least `atLeastShare` (0–1) of the slow checkouts a client span that matches ended with the HTTP status `status`, a sibling
 * like it started later, the last of them was answered otherwise, and the pauses between them are most of the checkout's time.
 */
export function askedAgain(says: string, options: Options): Evidence {
  const { status, among: cohort = {}, atLeastShare, ...filter } = options
  const calls = { ...filter, kind: 'client' } as const
  return overSlowTraces(says, cohort, {
    judge({ slow }) {
      const pauses = slow.map(({ trace }) => pausesOf(trace, calls, status))
      const enough = slow.filter(({ trace }, i) => (pauses[i] ?? 0) >= mostOfIt * checkoutMs(trace))
      const does = `slow checkouts${among(cohort)} were told ${status} and spent most of their time until they asked again, median ${inMs(median(pauses))}`
      return judgeShare(enough.length, slow.length, atLeastShare, does)
    },
    paste: (window) => [pasteAnswered(calls, status), ...pasteSlowTraces(window)],
  })
}

/** Ms between each refused call and the next one like it, within the checkout. */
function pausesOf(trace: Trace, calls: SpanFilter, status: number): number {
  const children = childIndex(trace)
  const isRefused = (span: Span) => span.attributes['http.response.status_code'] === status
  return trace.spans
    .map((parent) => children(parent).filter((span) => matches(span, calls)))
    .filter((siblings) => siblings.length > 1 && !isRefused(siblings.at(-1) as Span))
    .flatMap((siblings) =>
      siblings.slice(1).map((span, i) => {
        const before = siblings[i] as Span
        return isRefused(before) ? Math.max(0, span.startMs - before.endMs) : 0
      }),
    )
    .reduce((sum, ms) => sum + ms, 0)
}

function checkoutMs(trace: Trace): number {
  const checkout = checkoutSpan(trace) ?? findSpans(trace, {})[0]
  return checkout === undefined ? Number.POSITIVE_INFINITY : durationMs(checkout)
}

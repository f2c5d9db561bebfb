// Trace evidence about shape: many calls of one kind, one after the other, where one would do.
import { sequentialRun } from '../siblings.ts'
import { median } from '../statistics.ts'
import {
  childIndex,
  findSpans,
  matches,
  type Span,
  type SpanFilter,
  type SpanKind,
  subtreeOf,
  type Trace,
} from '../trace.ts'
import { pasteSlowTraces, pasteSpan } from './paste.ts'
import { among, judgeShare, overSlowTraces } from './population.ts'
import type { Cohort, Evidence } from './types.ts'

/** The siblings to look for. `to` keeps only client spans whose server span belongs to that service. */
type Siblings = { service: string; name?: string; kind?: SpanKind; to?: string }

/**
 * In at least `atLeastShare` (default 0.8) of the slow checkouts at least `atLeast` sibling spans run one after the other
 * somewhere below an `inside` span. `between` asks that they start after the first `from` span there has ended and end before
 * the last `to` span starts: inside a transaction, say, whose first and last statement these are.
 */
export function serialSiblings(
  says: string,
  options: Siblings & {
    atLeast: number
    inside: SpanFilter
    between?: { from: SpanFilter; to: SpanFilter }
    among?: Cohort
    atLeastShare?: number
  },
): Evidence {
  const { atLeast, inside, between, among: cohort = {}, atLeastShare = 0.8, ...siblings } = options
  return overSlowTraces(says, cohort, {
    judge(population) {
      const lengths = population.slow.map(({ trace }) => longestRun(trace, siblings, inside, between))
      const enough = lengths.filter((length) => length >= atLeast).length
      const what = `${siblings.service} ${siblings.name ?? 'call'}${siblings.to === undefined ? '' : ` to ${siblings.to}`}`
      const does = `slow checkouts${among(cohort)} run ${what} at least ${atLeast} times in a row, median ${median(lengths)}`
      return judgeShare(enough, lengths.length, atLeastShare, does)
    },
    paste: (window) => [pasteSpan(siblings, { underSlowCheckout: true, atLeast }), ...pasteSlowTraces(window)],
  })
}

function longestRun(
  trace: Trace,
  { to, ...filter }: Siblings,
  inside: SpanFilter,
  between?: { from: SpanFilter; to: SpanFilter },
): number {
  const children = childIndex(trace)
  const reaches = (span: Span) => to === undefined || children(span).some((child) => child.service === to)
  const runs = findSpans(trace, inside).flatMap((top) => {
    const below = subtreeOf(top, children)
    const isWithin = between === undefined ? () => true : withinOf(below, between)
    return below.map((parent) => {
      const candidates = children(parent).filter((span) => matches(span, filter) && reaches(span) && isWithin(span))
      return sequentialRun(candidates).length
    })
  })
  return Math.max(0, ...runs)
}

/** Between the end of the first `from` span and the start of the last `to` span, give or take a millisecond. */
function withinOf(spans: readonly Span[], { from, to }: { from: SpanFilter; to: SpanFilter }): (span: Span) => boolean {
  const fromMs = Math.min(...spans.filter((span) => matches(span, from)).map((span) => span.endMs))
  const toMs = Math.max(...spans.filter((span) => matches(span, to)).map((span) => span.startMs))
  return (span) => span.startMs >= fromMs - 1 && span.endMs <= toMs + 1
}

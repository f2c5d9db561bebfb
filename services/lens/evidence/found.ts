// Trace evidence about what is odd: something the report on a trace finds in slow checkouts and hardly ever in fast ones.
import { type FindingKind, findings } from '../findings.ts'
import { percent } from '../text.ts'
import { matches, type SpanFilter, type Trace } from '../trace.ts'
import { pasteSlowTraces, pasteSpan } from './paste.ts'
import { among, fewestSlow, overSlowTraces, type Traced } from './population.ts'
import { type Cohort, type Evidence, inconclusive } from './types.ts'

/** The share among fast checkouts must be at most this part of the share among slow ones. */
const farLess = 0.5

/** `about` describes the span that a finding names first, `atLeastSpans` (default 1) how many it names in all. */
type Wanted = { kind: FindingKind; about: SpanFilter; atLeastSpans?: number }

/**
 * At least `atLeastShare` (default 0.8) of the slow checkouts have such a finding, and the fast ones of the same cohort at
 * most half as often. A retry names the attempts in order, what outlives its parent comes before the parent.
 */
export function found(says: string, options: Wanted & { among?: Cohort; atLeastShare?: number }): Evidence {
  const { kind, about, among: cohort = {}, atLeastShare = 0.8, atLeastSpans = 1 } = options
  const isIn = ({ trace }: Traced) => has(trace, { kind, about, atLeastSpans })
  return overSlowTraces(says, cohort, {
    judge({ slow, fast }) {
      if (fast.length < fewestSlow)
        return inconclusive(`${fast.length} fast checkouts${among(cohort)} have a stored trace`)
      const [slowHits, fastHits] = [slow.filter(isIn).length, fast.filter(isIn).length]
      const [slowShare, fastShare] = [slowHits / slow.length, fastHits / fast.length]
      const what = `${kind} of ${Object.values(about).join(' ')}${atLeastSpans > 1 ? ` with ${atLeastSpans} spans` : ''}`
      const measured = `${what} in ${slowHits} of ${slow.length} slow checkouts${among(cohort)} (${percent(slowShare)}, at least ${percent(atLeastShare)} expected) and in ${fastHits} of ${fast.length} fast ones (${percent(fastShare)})`
      const isHeld = slowShare >= atLeastShare && fastShare <= slowShare * farLess
      return { state: isHeld ? 'held' : 'failed', measured }
    },
    paste: (window) => [
      pasteSpan(about, { underSlowCheckout: true, isError: kind === 'retry' || kind === 'error' }),
      ...pasteSlowTraces(window),
    ],
  })
}

function has(trace: Trace, { kind, about, atLeastSpans }: Required<Wanted>): boolean {
  const suspects = findings(trace).filter((one) => one.kind === kind && one.spanIds.length >= atLeastSpans)
  if (suspects.length === 0) return false
  const spans = new Map(trace.spans.map((span) => [span.spanId, span]))
  return suspects.some(({ spanIds: [first = ''] }) => {
    const span = spans.get(first)
    return span !== undefined && matches(span, about)
  })
}

// Trace evidence about where the time went: in a named span, in its own work, or in the gap before or after a server span.
import type { Segment } from '../critical-path.ts'
import { median } from '../statistics.ts'
import { inMs } from '../text.ts'
import type { SpanKind, Trace } from '../trace.ts'
import { type Contribution, contributionBelow, contributionOfPart } from './contributors.ts'
import { pasteSlowTraces, pasteSpan } from './paste.ts'
import { among, judgeShare, overSlowTraces } from './population.ts'
import type { Cohort, Evidence, Verdict } from './types.ts'

/** A claim about fewer of the slow checkouts than this (0–1) does not explain them. */
const explainsShare = 0.8

type Where = { service: string; name?: string; kind?: SpanKind }
type Options = Where & { among?: Cohort; atLeastShare: number }

/**
 * In at least `atLeastShare` (0–1) of the slow checkouts the span, with everything below it, is the largest contributor to
 * the critical path.
 */
export function slowerSpan(says: string, { among: cohort = {}, atLeastShare, ...where }: Options): Evidence {
  return largestContributor(says, where, cohort, atLeastShare, nameOf(where), (trace) =>
    contributionBelow(trace, where),
  )
}

/**
 * In at least `atLeastShare` of the slow checkouts the largest contributor is the span itself: time in which none of its
 * children was at work, such as waiting for something that has no span of its own, or computing. Unlike `slowerSpan` it does
 * not hold when the span waits for a query or for another service.
 */
export function ownTime(says: string, { among: cohort = {}, atLeastShare, ...where }: Options): Evidence {
  return largestContributor(says, where, cohort, atLeastShare, `${nameOf(where)} itself`, (trace) =>
    contributionOfPart(trace, where, 'self'),
  )
}

/**
 * In at least `atLeastShare` of the slow checkouts the largest contributor is the stretch of the client spans before their
 * server span starts (queueing, connecting, a busy event loop) or after it has ended.
 */
export function gap(
  says: string,
  { among: cohort = {}, atLeastShare, part, ...where }: Options & { part: Exclude<Segment['part'], 'self'> },
): Evidence {
  const what = `${nameOf(where)} (${part})`
  return largestContributor(says, where, cohort, atLeastShare, what, (trace) => contributionOfPart(trace, where, part))
}

function largestContributor(
  says: string,
  where: Where,
  cohort: Cohort,
  atLeastShare: number,
  what: string,
  measure: (trace: Trace) => Contribution,
): Evidence {
  const evidence = overSlowTraces(says, cohort, {
    judge(population) {
      const contributions = population.slow.map(({ trace }) => measure(trace))
      return judgeContributions(contributions, atLeastShare, what, among(cohort))
    },
    paste: (window) => [pasteSpan(where, { underSlowCheckout: true }), ...pasteSlowTraces(window)],
  })
  return atLeastShare < explainsShare ? evidence : { ...evidence, topic: 'contributor' }
}

function judgeContributions(all: Contribution[], atLeastShare: number, what: string, who: string): Verdict {
  const largest = all.filter(({ claimedMs, otherMs }) => claimedMs > otherMs)
  const typicalMs = inMs(median(all.map(({ claimedMs }) => claimedMs)))
  const does = `slow checkouts${who} spend most in ${what}, median ${typicalMs}`
  const verdict = judgeShare(largest.length, all.length, atLeastShare, does)
  if (verdict.state === 'held') return verdict
  const others = Map.groupBy(
    all.filter((one) => !largest.includes(one)),
    ({ otherName }) => otherName,
  )
  const [rival] = [...others].sort((a, b) => b[1].length - a[1].length)
  return { ...verdict, measured: `${verdict.measured}; the others mostly in ${rival?.[0] ?? 'nothing'}` }
}

const nameOf = ({ service, name }: Where): string => (name === undefined ? service : `${service} ${name}`)

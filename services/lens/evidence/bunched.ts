// Trace evidence about when: what slow checkouts were waiting for begins for several of them at the same instant.
import { median } from '../statistics.ts'
import { matches, type SpanFilter, type Trace } from '../trace.ts'
import { pasteSlowTraces, pasteSpan } from './paste.ts'
import { among, judgeShare, overSlowTraces } from './population.ts'
import type { Cohort, Evidence } from './types.ts'

/**
 * In at least `atLeastShare` (0–1) of the slow checkouts a matching span starts within `withinMs` of where one starts in at
 * least `atLeast` other slow checkouts: they had been waiting for the same thing, and it let go of all of them at once.
 */
export function bunched(
  says: string,
  options: SpanFilter & { withinMs: number; atLeast: number; among?: Cohort; atLeastShare: number },
): Evidence {
  const { withinMs, atLeast, among: cohort = {}, atLeastShare, ...where } = options
  return overSlowTraces(says, cohort, {
    judge({ slow }) {
      const starts = slow.map(({ trace }) => startsOf(trace, where))
      const company = starts.map(
        (own, i) => starts.filter((other, j) => i !== j && isClose(own, other, withinMs)).length,
      )
      const enough = company.filter((others) => others >= atLeast).length
      const what = [where.service, where.name].filter((part) => part !== undefined).join(' ')
      const does = `slow checkouts${among(cohort)} have ${what} start within ${withinMs} ms of ${atLeast} others, median ${median(company)} others`
      return judgeShare(enough, slow.length, atLeastShare, does)
    },
    paste: (window) => [pasteSpan(where, { underSlowCheckout: true }), ...pasteSlowTraces(window)],
  })
}

const startsOf = (trace: Trace, where: SpanFilter): number[] =>
  trace.spans.filter((span) => matches(span, where)).map(({ startMs }) => startMs)

const isClose = (own: number[], other: number[], withinMs: number): boolean =>
  own.some((ms) => other.some((otherMs) => Math.abs(ms - otherMs) <= withinMs))

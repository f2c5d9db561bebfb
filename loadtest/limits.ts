// Whether a run kept the limits of its lesson, and whether it was a run at all: a visitor who was left out was not measured.
import { slo } from '../services/kit/slo.ts'
import { closedPart, type Limit } from './lessons.ts'
import { type Measured, noAnswer } from './outcome.ts'
import { summarise } from './report.ts'
import type { Played, RunFacts } from './run-report.ts'

/** A limit as a sentence; `of` is how many checkouts it is about. */
export type Judged = { says: string; isHeld: boolean; of: number }

/** The sentence that a limit is, and whether these outcomes keep it. Where nobody came, nothing is broken. */
export function judged(limit: Limit, played: readonly Played[]): Judged {
  const { part, cohort } = limit
  const concerned = (part === undefined ? played.map(({ outcome }) => outcome) : inPart(played, part)).filter(
    ({ arrival }) => cohort === undefined || arrival.persona.cohort[cohort.key] === cohort.value,
  )
  const whose = cohort === undefined ? 'checkouts' : `checkouts with ${cohort.key} = ${cohort.value}`
  const when = part === undefined ? '' : ` in part "${part}"`
  const { goodShare, count } = summarise(concerned)
  const percent = (value: number) => `${(value * 100).toFixed(1)} %`
  return {
    says: `${percent(slo.objective)} of ${whose}${when} succeed within ${slo.thresholdMs} ms: ${count === 0 ? 'none came' : percent(goodShare)}`,
    isHeld: count === 0 || goodShare >= slo.objective,
    of: count,
  }
}

/** Of a run that went on to its end, also those whose outcome nobody told. */
export function nothingLeftOut({ planned, isPartial, dropped = 0 }: RunFacts, played: readonly Played[]): Judged {
  const arrivals = played.filter(({ part }) => part !== closedPart)
  const unsent = dropped + arrivals.filter(({ outcome }) => outcome.code === noAnswer.dropped).length
  const untold = isPartial ? 0 : Math.max(0, planned - arrivals.length - dropped)
  const leftOut = unsent + untold
  const also = untold === 0 ? '' : `, of ${untold} of which nothing is known`
  const of = arrivals.length + dropped + untold
  return { says: `nobody is left out: ${leftOut} of ${of} were${also}`, isHeld: leftOut === 0, of }
}

export function inPart(played: readonly Played[], name: string): Measured[] {
  return played.filter(({ part }) => part === name).map(({ outcome }) => outcome)
}

// Notices when a limit that ends a lesson cannot be kept any more, whoever is still to come.
import { errorBudget } from '../../services/kit/slo.ts'
import { type Lesson, type Limit, partAt } from '../lessons.ts'
import type { Arrival } from '../plan.ts'
import { isGood } from '../report.ts'
import type { Played } from '../run-report.ts'

/** Tells it each outcome; true once such a limit is broken. */
export function watchLimits(lesson: Lesson, arrivals: readonly Arrival[]): (played: Played) => boolean {
  const watched = lesson.limits
    .filter(({ ends }) => ends === true)
    .map((limit) => {
      const concerned = arrivals.filter((arrival) => concerns(limit, partAt(lesson, arrival.atMs), arrival))
      return { limit, mayFail: errorBudget * concerned.length, failed: 0 }
    })
  return ({ part, outcome }) => {
    if (isGood(outcome)) return false
    for (const one of watched) if (concerns(one.limit, part, outcome.arrival)) one.failed++
    return watched.some(({ failed, mayFail }) => failed > mayFail)
  }
}

function concerns({ part, cohort }: Limit, playedIn: string | undefined, { persona }: Played['outcome']['arrival']) {
  if (part !== undefined && part !== playedIn) return false
  return cohort === undefined || persona.cohort[cohort.key] === cohort.value
}

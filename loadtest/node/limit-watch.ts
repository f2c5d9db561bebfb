// Notices when a limit that ends a lesson cannot be kept any more, whoever is still to come.
import { slo } from '../../services/kit/slo.ts'
import { type Lesson, type Limit, partAt } from '../lessons.ts'
import { succeeded } from '../outcome.ts'
import type { Arrival } from '../plan.ts'
import type { Played } from '../run-report.ts'

/** Tells it each outcome; true once such a limit is broken. */
export function watchLimits(lesson: Lesson, arrivals: readonly Arrival[]): (played: Played) => boolean {
  const watched = lesson.limits
    .filter(({ ends }) => ends === true)
    .map((limit) => {
      const concerned = arrivals.filter((arrival) => concerns(limit, partAt(lesson, arrival.atMs), arrival))
      return { limit, mayFail: (1 - slo.objective) * concerned.length, failed: 0 }
    })
  return ({ part, outcome }) => {
    if (succeeded(outcome) && outcome.latencyMs <= slo.thresholdMs) return false
    for (const one of watched) if (concerns(one.limit, part, outcome.arrival)) one.failed++
    return watched.some(({ failed, mayFail }) => failed > mayFail)
  }
}

function concerns({ part, cohort }: Limit, playedIn: string | undefined, { persona }: Played['outcome']['arrival']) {
  if (part !== undefined && part !== playedIn) return false
  return cohort === undefined || persona.cohort[cohort.key] === cohort.value
}

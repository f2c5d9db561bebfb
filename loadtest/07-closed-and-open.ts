// Closed against open: why do two users who click as fast as they can see nothing of what twenty a second see?
// docker compose run --rm k6 run /loadtest/07-closed-and-open.ts
import { constantArrivalRate, constantVus } from './k6/blocks.ts'
import { common } from './k6/options.ts'
import type { SummaryData } from './k6/own-numbers.ts'
import { lessonNamed, type Prepared, prepare } from './k6/set-up.ts'
import { summaryOf } from './k6/summary.ts'
import { thresholdsOf } from './k6/thresholds.ts'
import { visit, visitAgain } from './k6/visit.ts'

const lesson = lessonNamed('07-closed-and-open')
const closed = lesson.closed ?? { users: 1, seconds: 0 }

export const options = {
  ...common,
  scenarios: {
    // Two users, each of whom comes again when answered: while the shop stands still they wait, and ask for nothing.
    closed: { ...constantVus(closed), exec: 'visitorWhoWaits' },
    // As many arrivals, but they come when they come. Afterwards, not beside it: neither sees the other's load.
    open: { ...constantArrivalRate(lesson), exec: 'visitorWhoComes', startTime: `${closed.seconds}s` },
  },
  thresholds: thresholdsOf(lesson),
}

export function setup(): Prepared {
  return prepare(lesson)
}

export function visitorWhoWaits(run: Prepared): void {
  visitAgain(lesson, run)
}

export function visitorWhoComes(run: Prepared): void {
  visit(lesson, run)
}

export function handleSummary(data: SummaryData) {
  return summaryOf(lesson, data)
}

// Find the knee: up to which rate does this machine keep the objective?
// docker compose run --rm k6 run /loadtest/05-knee.ts
import { rampingArrivalRate } from './k6/blocks.ts'
import { common } from './k6/options.ts'
import type { SummaryData } from './k6/own-numbers.ts'
import { lessonNamed, type Prepared, prepare } from './k6/set-up.ts'
import { summaryOf } from './k6/summary.ts'
import { thresholdsOf } from './k6/thresholds.ts'
import { visit } from './k6/visit.ts'

const lesson = lessonNamed('05-knee')

export const options = {
  ...common,
  // In steps of 15 %. The first that breaks the objective ends the run (abortOnFail), which is how it should end: exit 99.
  scenarios: { checkouts: rampingArrivalRate(lesson) },
  thresholds: thresholdsOf(lesson),
}

export function setup(): Prepared {
  return prepare(lesson)
}

export default function visitor(run: Prepared): void {
  visit(lesson, run)
}

export function handleSummary(data: SummaryData) {
  return summaryOf(lesson, data)
}

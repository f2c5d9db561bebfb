// Ramp: does it get slower gradually, when ever more come?
// docker compose run --rm k6 run /loadtest/03-ramp.ts
import { rampingArrivalRate } from './k6/blocks.ts'
import { common } from './k6/options.ts'
import type { SummaryData } from './k6/own-numbers.ts'
import { lessonNamed, type Prepared, prepare } from './k6/set-up.ts'
import { summaryOf } from './k6/summary.ts'
import { thresholdsOf } from './k6/thresholds.ts'
import { visit } from './k6/visit.ts'

const lesson = lessonNamed('03-ramp')

export const options = {
  ...common,
  // From 5 to 20 a second in a straight line.
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

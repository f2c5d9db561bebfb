// From one slow request to its trace: which checkout was the slowest, and where did its time go?
// docker compose run --rm k6 run /loadtest/09-to-the-trace.ts
import { constantArrivalRate } from './k6/blocks.ts'
import { common } from './k6/options.ts'
import type { SummaryData } from './k6/own-numbers.ts'
import { lessonNamed, type Prepared, prepare } from './k6/set-up.ts'
import { summaryOf } from './k6/summary.ts'
import { thresholdsOf } from './k6/thresholds.ts'
import { visit } from './k6/visit.ts'

const lesson = lessonNamed('09-to-the-trace')

export const options = {
  ...common,
  // No threshold but one: what is wanted here is a trace id, not a verdict.
  scenarios: { checkouts: constantArrivalRate(lesson) },
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

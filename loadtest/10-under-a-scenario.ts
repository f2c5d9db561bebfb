// Under a scenario: what changes when something is shipped, and does it go away when it is taken back?
// docker compose run --rm k6 run /loadtest/10-under-a-scenario.ts
import { constantArrivalRate } from './k6/blocks.ts'
import { common } from './k6/options.ts'
import type { SummaryData } from './k6/own-numbers.ts'
import { lessonNamed, type Prepared, prepare } from './k6/set-up.ts'
import { summaryOf } from './k6/summary.ts'
import { thresholdsOf } from './k6/thresholds.ts'
import { visit } from './k6/visit.ts'

const lesson = lessonNamed('10-under-a-scenario')

export const options = {
  ...common,
  // Steady traffic before, during and after: only then can a change be told from the weather.
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

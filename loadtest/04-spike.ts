// Spike: how long does a burst of five seconds hurt?
// docker compose run --rm k6 run /loadtest/04-spike.ts
import { rampingArrivalRate } from './k6/blocks.ts'
import { common } from './k6/options.ts'
import type { SummaryData } from './k6/own-numbers.ts'
import { lessonNamed, type Prepared, prepare } from './k6/set-up.ts'
import { summaryOf } from './k6/summary.ts'
import { thresholdsOf } from './k6/thresholds.ts'
import { visit } from './k6/visit.ts'

const lesson = lessonNamed('04-spike')

export const options = {
  ...common,
  // Ten a second, forty for five seconds, then ten again: what comes after the burst is the lesson.
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

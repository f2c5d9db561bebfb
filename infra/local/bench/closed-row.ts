// What a lesson with both models comes to, as a line of the table. Pure.
import { closedRatio, duration } from '../../../loadtest/figures.ts'
import type { RunReport } from '../../../loadtest/run-report.ts'
import type { Measurement } from '../bench.ts'

const goalRatio = 3

export function rowOf({ lesson, parts }: Pick<RunReport, 'lesson' | 'parts'>): Measurement {
  const row = {
    what: `${lesson}: p99 of users who wait, and of those who come`,
    goal: `apart by × ${goalRatio} or more`,
  }
  const p99 = closedRatio({ parts })
  if (p99 === undefined) return { ...row, measured: 'not judged: one of them was never answered' }
  const { closed, open } = p99
  return {
    ...row,
    measured: `${duration(closed)} and ${duration(open)} (× ${(open / closed).toFixed(1)})`,
    isReached: open / closed >= goalRatio,
    details: { parts },
  }
}

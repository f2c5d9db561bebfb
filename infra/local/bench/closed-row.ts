// What a lesson with both models comes to, as a line of the table. Pure.
import { duration } from '../../../loadtest/figures.ts'
import { closedPart } from '../../../loadtest/lessons.ts'
import type { RunReport } from '../../../loadtest/run-report.ts'
import type { Measurement } from '../bench.ts'

const goalRatio = 3

export function rowOf({ lesson, parts }: Pick<RunReport, 'lesson' | 'parts'>): Measurement {
  const p99 = (isWanted: (name: string) => boolean) => parts.find(({ name }) => isWanted(name))?.report.latencyMs?.p99
  const closed = p99((name) => name === closedPart)
  const open = p99((name) => name !== closedPart)
  const row = {
    what: `${lesson}: p99 of users who wait, and of those who come`,
    goal: `apart by × ${goalRatio} or more`,
  }
  const both = `${duration(closed)} and ${duration(open)}`
  if (closed === undefined || open === undefined) return { ...row, measured: `not judged: ${both}` }
  return {
    ...row,
    measured: `${both} (× ${(open / closed).toFixed(1)})`,
    isReached: open / closed >= goalRatio,
    details: { parts },
  }
}

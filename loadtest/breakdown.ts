// The rows of a report's table: everybody, then by part, then by cohort; and the one sentence that says how it ended.
import type { Report } from './report.ts'
import type { RunReport } from './run-report.ts'

/** `isFirst` ones begin a group. */
export type Row = { name: string; report: Report; isFirst: boolean; group: 'all' | 'part' | 'cohort'; key?: string }

export function rowsOf({ whole, parts, cohorts }: RunReport): Row[] {
  return [
    { name: 'all', report: whole, isFirst: false, group: 'all' },
    ...parts.map(({ name, report }, i): Row => ({ name, report, isFirst: i === 0, group: 'part' })),
    ...cohorts.map(({ key, value, report }, i): Row => {
      return { name: `${key} = ${value}`, report, isFirst: key !== cohorts[i - 1]?.key, group: 'cohort', key }
    }),
  ]
}

export function overallOf({ limits, isPartial }: Pick<RunReport, 'limits' | 'isPartial'>): string {
  const broken = limits.filter(({ isHeld }) => !isHeld).length
  const soFar = isPartial ? ' in the part that was played' : ''
  if (broken === 0) return `Every limit holds${soFar}.`
  return `${broken} of ${limits.length} limit${limits.length === 1 ? '' : 's'} broken${soFar}.`
}

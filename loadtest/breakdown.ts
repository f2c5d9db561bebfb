// The rows of a report's table: everybody, then by part, then by cohort; and the one sentence that says how it ended.
import { attributes } from '../services/kit/telemetry/names.ts'
import type { Report } from './report.ts'
import type { RunReport } from './run-report.ts'

/** `isFirst` ones begin a group. */
export type Row = {
  name: string
  report: Report
  isFirst: boolean
  group: 'all' | 'part' | 'cohort'
  key?: string
  value?: string
}

export function rowsOf({ whole, parts, cohorts }: RunReport): Row[] {
  return [
    { name: 'all', report: whole, isFirst: false, group: 'all' },
    ...parts.map(({ name, report }, i): Row => ({ name, report, isFirst: i === 0, group: 'part' })),
    ...cohorts.map(({ key, value, report }, i): Row => {
      return { name: `${key} = ${value}`, report, isFirst: key !== cohorts[i - 1]?.key, group: 'cohort', key, value }
    }),
  ]
}

/** The limits that somebody came to; of a run that ended early there are others. */
export const limitsMet = ({ limits }: Pick<RunReport, 'limits'>) => limits.filter(({ of }, i) => of > 0 || i === 0)

/** `during · small · gold · coupon redeemed` */
export function whoOf({ part, cohort }: RunReport['slowest'][number]): string {
  const { [attributes.coupon]: coupon = 'none', ...others } = cohort
  const known = [part, ...Object.values(others), coupon === 'none' ? undefined : `coupon ${coupon}`]
  return known.filter((one) => one !== undefined).join(' · ')
}

export function overallOf({ isPartial, ...report }: Pick<RunReport, 'limits' | 'isPartial'>): string {
  const limits = limitsMet(report)
  const broken = limits.filter(({ isHeld }) => !isHeld).length
  const soFar = isPartial ? ' in the part that was played' : ''
  if (broken === 0) return `Every limit holds${soFar}.`
  return `${broken} of ${limits.length} limit${limits.length === 1 ? '' : 's'} broken${soFar}.`
}

// The condition "again and again": what comes for a moment every few seconds is never there "for a minute".
import { Short } from '@grafana/grafana-foundation-sdk/units'
import type { Alert } from './alert.ts'

/** The last minute in stretches of 5 s, each of which holds two exports of every service. */
const stretch = '5s'

/**
 * In so many of the twelve stretches. Once is an accident, twice a coincidence. What comes every 3 to 6.5 s is in nine of
 * them, and in the third after 7 to 20 s; export, Collector and evaluation take up to 8 s more.
 */
const againAndAgain = 3

/**
 * In how many stretches of the last minute a gauge was over `limit` at its largest. `sum` says how the series that belong
 * together become one.
 */
export const stretchesOver = (gauge: string, limit: number, by: { by: string; how: 'max' | 'sum' }): string =>
  `sum_over_time((${by.how} by (${by.by}) (max_over_time(${gauge}[${stretch}])) > bool ${limit})[1m:${stretch}])`

/** How a summary says it. */
export const times = '{{ $value | humanize }} of the last twelve 5-second stretches'

export const again = (
  { expr, legend, says }: { expr: string; legend: string; says: string },
  rest: Pick<Alert, 'name' | 'summary' | 'dashboard' | 'serviceLabel' | 'runbook'>,
): Alert => ({
  ...rest,
  expr: `${expr} >= ${againAndAgain}`,
  forSeconds: 0,
  // Between two of its moments it may be in one stretch less: that is no end.
  keepFiringForSeconds: 15,
  severity: 'ticket',
  window: 'workshop',
  comparison: '>=',
  threshold: againAndAgain,
  value: { expr, legend, unit: Short, says },
})

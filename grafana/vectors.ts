// The pieces that queries are made of, in PromQL. Labels may be given with the dots that attributes have.
import { selector, underscored } from '../services/kit/telemetry/prometheus-names.ts'

export type Labels = Record<string, string>

/** The time between two points of a curve, long enough for several exports; and the whole time range of the page. */
export const recently = '$__rate_interval'
export const overall = '$__range'

/** How fast each series of a counter rises, in one second. */
export const rate = (counter: string, labels: Labels = {}, range: string = recently): string =>
  `rate(${counter}${selector(labels)}[${range}])`

/**
 * How far a counter rose within a range, all its series together. A counter of mishaps exists only once there was one, and
 * `increase` overlooks the value that a series begins with.
 */
export function risen(counter: string, range: string): string {
  const before = asOf(counter, range)
  return `(sum((increase(${counter}[${range}]) and ${before}) or (${counter} unless ${before})) or vector(0))`
}

/** A counter as it stood so long ago. Within a minute, so that an export that was missed does not make an old one look new. */
export const asOf = (counter: string, ago: string): string => `last_over_time(${counter}[1m] offset ${ago})`

/** The largest value that each series of a gauge had. */
export const largest = (gauge: string, labels: Labels = {}, range: string = recently): string =>
  `max_over_time(${gauge}${selector(labels)}[${range}])`

/** The most at one moment: a sum of what each series had at its own worst moment would be more than ever was there. */
export const mostAtOnce = (vector: string, range: string = recently): string =>
  `max_over_time((${vector})[${range}:1s])`

/** Series that agree in these labels become one. */
export const sumBy = (by: readonly string[], vector: string): string => `sum by (${listed(by)}) (${vector})`
export const maxBy = (by: readonly string[], vector: string): string => `max by (${listed(by)}) (${vector})`

const listed = (labels: readonly string[]) => labels.map(underscored).join(', ')

/** A quantile of a histogram for each combination of these labels; of all its series together when there are none. */
export const quantile = (
  q: number,
  by: readonly string[],
  histogram: string,
  labels: Labels = {},
  range: string = recently,
): string => `histogram_quantile(${q}, ${sumBy(['le', ...by], rate(`${histogram}_bucket`, labels, range))})`

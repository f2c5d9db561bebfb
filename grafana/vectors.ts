// The pieces that queries are made of, in PromQL. Labels may be given with the dots that attributes have.
import { selector, underscored } from '../services/kit/telemetry/prometheus-names.ts'

export type Labels = Record<string, string>

/** The time between two points of a curve, long enough for several exports; and the whole time range of the page. */
export const recently = '$__rate_interval'
export const overall = '$__range'
/** The time between two points, for what is counted once: curves may overlap, counts must not. */
export const sinceLastPoint = '$__interval'

/** How fast each series of a counter rises, in one second. */
export const rate = (counter: string, labels: Labels = {}, range: string = recently): string =>
  `rate(${counter}${selector(labels)}[${range}])`

/** How fast they rise together. */
export const summedRate = (counter: string, labels: Labels = {}, range: string = recently): string =>
  `sum(${rate(counter, labels, range)})`

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

/**
 * What the series of a counter began with, of those that began within the range: `increase` overlooks it, and a counter of
 * failed answers begins with the first ones. Such a series was not there before, and has fewer points than `all`, the counter of
 * every answer of whoever the labels `by` name: after a gap in the telemetry it has as many, and did not begin.
 */
export function begun(counter: string, range: string, { all, by }: { all: string; by: readonly string[] }): string {
  const points = (of: string) => `count_over_time(${of}[${range}])`
  const isYounger = `${points(counter)} < on (${listed(by)}) group_left () ${maxBy(by, points(all))}`
  return `((min_over_time(${counter}[${range}]) unless ${asOf(counter, range)}) and ${isYounger})`
}

/**
 * The share of answers that failed within a range, for each combination of these labels. `failed` and `all` are counters, `by`
 * labels that say who answers.
 */
export function failedShareBy(
  labels: readonly string[],
  { failed, all, by }: { failed: string; all: string; by: readonly string[] },
  range: string,
): string {
  const rise = (counter: string) => sumBy(labels, `increase(${counter}[${range}])`)
  // A series of failed answers exists only once there was one.
  const orNone = (vector: string) => `(${vector} or 0 * ${rise(all)})`
  const first = orNone(sumBy(labels, begun(failed, range, { all, by })))
  return `(${orNone(rise(failed))} + ${first}) / (${rise(all)} + ${first} > 0)`
}

/** The largest value that each series of a gauge had. */
export const largest = (gauge: string, labels: Labels = {}, range: string = recently): string =>
  `max_over_time(${gauge}${selector(labels)}[${range}])`

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

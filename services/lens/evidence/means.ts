// Means of metrics over a window: of a histogram that of everything counted, of a gauge or a rate that of its points.
import type { MetricName } from '../../kit/telemetry/names.ts'
import { instrumentOf } from '../../kit/telemetry/prometheus-names.ts'
import type { Point, Series } from '../source.ts'
import { inMs } from '../text.ts'
import { fewestPoints, type Metric, seriesIn } from './series-in.ts'
import type { Observed } from './types.ts'

/** The mean by the value of a label. Values with too few points are left out. */
export function meansBy(observed: Observed, { by, ...which }: Metric & { by: string }): Map<string, number> {
  const groups = Map.groupBy(seriesIn(observed, which), ({ labels }) => labels[by])
  const means = new Map<string, number>()
  for (const [value, series] of groups) {
    const mean = meanOf(series)
    if (value !== undefined && mean !== undefined) means.set(value, mean)
  }
  return means
}

/** The mean over all matching series; undefined on too few points. */
export const meanIn = (observed: Observed, which: Metric): number | undefined => meanOf(seriesIn(observed, which))

/** A mean as a person writes it: seconds in milliseconds, anything else with two digits. */
export const inMetricUnit = (metric: MetricName, value: number): string =>
  instrumentOf(metric).unit === 's' ? inMs(value * 1000) : value.toFixed(2)

function meanOf(series: readonly Series[]): number | undefined {
  const points = series.flatMap((one) => one.points)
  if (points.length < fewestPoints) return undefined
  const weightOf = ({ count }: Point) => count ?? 1
  const weight = points.reduce((total, point) => total + weightOf(point), 0)
  return weight === 0 ? undefined : points.reduce((total, point) => total + point.value * weightOf(point), 0) / weight
}

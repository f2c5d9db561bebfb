// The part of the observed metrics that a piece of evidence is about.
import type { MetricName } from '../../kit/telemetry/names.ts'
import type { Labels, Series } from '../source.ts'
import type { Observed } from './types.ts'

/** A metric, and the labels its series must have. */
export type Metric = { metric: MetricName; labels: Labels }

/** A window with fewer points than this is not judged. */
export const fewestPoints = 3

/** The series that match, each with its points within the window. */
export function seriesIn({ series, window }: Observed, { metric, labels }: Metric): Series[] {
  const isMeant = (one: Series) =>
    one.metric === metric && Object.entries(labels).every(([key, value]) => one.labels[key] === value)
  const isWithin = ({ atMs }: { atMs: number }) => atMs >= window.fromMs && atMs < window.toMs
  return series.filter(isMeant).map((one) => ({ ...one, points: one.points.filter(isWithin) }))
}

/** How many things a histogram counted, or a counter did, over the window. */
export const countIn = (observed: Observed, which: Metric): number =>
  seriesIn(observed, which)
    .flatMap(({ points }) => points)
    .reduce((sum, { value, count = value }) => sum + count, 0)

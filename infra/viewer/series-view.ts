// Stored series as the lens wants to see them: cut to a window, with the bounds of their buckets, and listed by metric.
import type { Bucket, Labels, Point, Series } from '../../services/lens/source.ts'
import type { StoredPoint } from './intervals.ts'
import type { MetricKind } from './read-metrics.ts'

export type MetricInfo = { name: string; unit: string; kind: MetricKind; labelNames: string[] }
export type SeriesQuery = { metric: string; labels: Labels; from?: number | undefined; to?: number | undefined }

type Described = { metric: string; unit: string; kind: MetricKind; labels: Labels }
type WithPoints = Described & { bounds: readonly number[]; points: readonly StoredPoint[] }

export const isMatch = (stored: Described, { metric, labels }: SeriesQuery): boolean =>
  stored.metric === metric && Object.entries(labels).every(([key, value]) => stored.labels[key] === value)

export const isWithin = (atMs: number, { from, to }: SeriesQuery): boolean =>
  atMs >= (from ?? Number.NEGATIVE_INFINITY) && atMs < (to ?? Number.POSITIVE_INFINITY)

export function seriesOf({ metric, labels, points, bounds }: WithPoints, query: SeriesQuery): Series {
  const within = points.filter((point) => isWithin(point.atMs, query))
  return { metric, labels, points: within.map((point) => pointOf(point, bounds)) }
}

function pointOf({ counts, ...point }: StoredPoint, bounds: readonly number[]): Point {
  if (counts === undefined) return point
  const buckets: Bucket[] = counts.map((count, i) => ({ upTo: bounds[i] ?? Number.POSITIVE_INFINITY, count }))
  return { ...point, buckets }
}

export function metricsOf(stored: Iterable<Described>): MetricInfo[] {
  const byName = new Map<string, MetricInfo>()
  for (const { metric: name, unit, kind, labels } of stored) {
    const info = byName.get(name) ?? { name, unit, kind, labelNames: [] }
    info.labelNames = [...new Set([...info.labelNames, ...Object.keys(labels)])].sort()
    byName.set(name, info)
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

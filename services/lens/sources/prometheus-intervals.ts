// Cumulative samples → what happened since the sample before: the points of a series as the viewer has them. Pure.
import type { Bucket, Labels, Point, Series, Window } from '../source.ts'

type Value = { atMs: number; value: number }

/** One series of Prometheus. A histogram is made of many: `part` is bucket, sum or count, else `value`. */
export type Cumulative = { part: string; upTo?: number; labels: Labels; values: Value[] }

/** Everything one push said about a series. */
type Sample = { atMs: number; value: number; sum: number; buckets: Bucket[] }

/** Series of a metric, cut to the window; `samples` begin some time before it. */
export function intervalsOf(
  metric: string,
  kind: 'histogram' | 'counter' | 'gauge',
  samples: readonly Cumulative[],
  window: Window,
): Series[] {
  const groups = Map.groupBy(samples, ({ labels }) => JSON.stringify(Object.entries(labels).sort()))
  const all = [...groups.values()].map((parts) => ({ labels: parts[0]?.labels ?? {}, samples: pushesOf(parts) }))
  const firstReports = firstReportsOf(all)
  return all
    .map(({ labels, samples: pushes }) => {
      const firstAtMs = firstReports.get(instanceOf(labels)) ?? 0
      const points =
        kind === 'gauge'
          ? pushes.map(({ atMs, value }) => ({ atMs, value }))
          : pushes.flatMap((now, i) => {
              const before = pushes[i - 1] ?? (firstAtMs < now.atMs ? nothing : undefined)
              return before === undefined ? [] : pointOf(kind, now, before)
            })
      return { metric, labels, points: points.filter(({ atMs }) => atMs >= window.fromMs && atMs < window.toMs) }
    })
    .filter(({ points }) => points.length > 0)
}

/** The parts of one series by the time of the push they came with. */
function pushesOf(parts: readonly Cumulative[]): Sample[] {
  const byTime = new Map<number, Sample>()
  for (const { part, upTo, values } of parts) {
    for (const { atMs, value } of values) {
      const sample = byTime.get(atMs) ?? { atMs, value: 0, sum: 0, buckets: [] }
      byTime.set(atMs, sample)
      if (part === 'bucket') sample.buckets.push({ upTo: upTo ?? Number.POSITIVE_INFINITY, count: value })
      else sample[part === 'sum' ? 'sum' : 'value'] = value
    }
  }
  const sorted = [...byTime.values()].sort((a, b) => a.atMs - b.atMs)
  for (const { buckets } of sorted) buckets.sort((a, b) => a.upTo - b.upTo)
  return sorted
}

const nothing: Sample = { atMs: 0, value: 0, sum: 0, buckets: [] }

/**
 * A series that appears after its process has reported the metric without it counts from zero: nothing had happened before.
 * Where the process is new as well nobody knows, and its first push only tells where the counter stands.
 */
function firstReportsOf(all: readonly { labels: Labels; samples: Sample[] }[]): Map<string, number> {
  const first = new Map<string, number>()
  for (const { labels, samples } of all) {
    const instance = instanceOf(labels)
    first.set(
      instance,
      Math.min(first.get(instance) ?? Number.POSITIVE_INFINITY, samples[0]?.atMs ?? Number.POSITIVE_INFINITY),
    )
  }
  return first
}

const instanceOf = (labels: Labels): string => `${labels['service.name']}/${labels['service.instance.id']}`

/** Nothing for an interval in which a histogram saw nothing: nothing has no mean. A counter that fell began anew. */
function pointOf(kind: 'histogram' | 'counter', now: Sample, before: Sample): Point[] {
  const base = now.value < before.value ? nothing : before
  const value = now.value - base.value
  if (kind === 'counter') return [{ atMs: now.atMs, value }]
  if (value <= 0) return []
  const sum = now.sum - base.sum
  const own = now.buckets.map(({ upTo, count }, i) => ({ upTo, count: count - (base.buckets[i]?.count ?? 0) }))
  // Prometheus's buckets hold all that is below them, ours what is between two bounds.
  const buckets = own.map(({ upTo, count }, i) => ({ upTo, count: count - (own[i - 1]?.count ?? 0) }))
  return [{ atMs: now.atMs, value: sum / value, count: value, sum, buckets }]
}

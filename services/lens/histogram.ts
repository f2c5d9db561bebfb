// Histograms as metrics carry them: buckets of several series added up, and where a share of all observations lies.
import type { Bucket } from './source.ts'

/** Buckets of several histograms as those of one, by their upper bound. */
export function mergedBuckets(buckets: Iterable<Bucket>): Bucket[] {
  const counts = new Map<number, number>()
  for (const { upTo, count } of buckets) counts.set(upTo, (counts.get(upTo) ?? 0) + count)
  return [...counts].map(([upTo, count]) => ({ upTo, count })).sort((a, b) => a.upTo - b.upTo)
}

/**
 * The value below which `probability` (0–1) of the observations lie, for buckets sorted by bound; 0 when there are none. It is
 * somewhere within its bucket, as evenly as Prometheus assumes; of the last bucket only its lower bound is known.
 */
export function bucketQuantile(buckets: readonly Bucket[], probability: number): number {
  const total = buckets.reduce((sum, { count }) => sum + count, 0)
  let below = 0
  let lower = 0
  for (const { upTo, count } of buckets) {
    if (count > 0 && below + count >= probability * total) {
      if (upTo === Number.POSITIVE_INFINITY) break
      return lower + (upTo - lower) * ((probability * total - below) / count)
    }
    below += count
    lower = upTo
  }
  return lower
}

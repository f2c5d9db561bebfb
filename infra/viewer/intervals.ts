// Cumulative values → what happened since the point before. Pure: a series' memory goes in and comes out.
import type { Sample } from './read-metrics.ts'

/** One stored point; the bucket bounds are kept once per series. */
export type StoredPoint = { atMs: number; value: number; count?: number; sum?: number; counts?: readonly number[] }

/** The last cumulative sample of a series: what the next one is compared with. */
export type Before = Pick<Sample, 'startMs' | 'atMs' | 'value' | 'count' | 'sum' | 'counts'>

/**
 * The point that a sample stands for, or undefined when it stands for none: it is a repetition, it only tells where a
 * counter stands that was running before the viewer was there (`isFromZero` false), or a histogram saw nothing, and
 * nothing has no mean.
 */
export function intervalOf(sample: Sample, before: Before | undefined, isFromZero: boolean): StoredPoint | undefined {
  if (before !== undefined && sample.atMs <= before.atMs) return undefined
  const { atMs, kind, isCumulative } = sample
  if (kind === 'gauge' || kind === 'updown') return { atMs, value: sample.value }
  const base = isCumulative ? baseOf(sample, before) : zero
  if (base === undefined && !isFromZero) return undefined
  return kind === 'counter' ? counterPoint(sample, base ?? zero) : histogramPoint(sample, base ?? zero)
}

type Base = Pick<Before, 'value' | 'count' | 'sum' | 'counts'>
const zero: Base = { value: 0 }

/** What to subtract: the sample before, zero when the process counted anew, or undefined when there is none. */
function baseOf(sample: Sample, before: Before | undefined): Base | undefined {
  if (before === undefined) return undefined
  const isSmaller = sample.kind === 'counter' ? sample.value < before.value : (sample.count ?? 0) < (before.count ?? 0)
  return isSmaller || sample.startMs > before.atMs ? zero : before
}

const counterPoint = (sample: Sample, base: Base): StoredPoint => ({
  atMs: sample.atMs,
  value: sample.value - base.value,
})

function histogramPoint(sample: Sample, base: Base): StoredPoint | undefined {
  const count = (sample.count ?? 0) - (base.count ?? 0)
  const sum = (sample.sum ?? 0) - (base.sum ?? 0)
  if (count <= 0) return undefined
  const isComparable = base.counts === undefined || base.counts.length === sample.counts?.length
  const counts = isComparable ? sample.counts?.map((n, i) => n - (base.counts?.[i] ?? 0)) : undefined
  return { atMs: sample.atMs, value: sum / count, count, sum, ...(counts === undefined ? {} : { counts }) }
}

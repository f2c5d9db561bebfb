// How fast something grows: the straight line through its samples, by least squares. Pure.

export type Sample = { atMs: number; value: number }

/** `perMinute` in the unit of the values, with its standard error: what is smaller than two of these may be chance. */
export type Slope = { perMinute: number; standardError: number; samples: number }

/** @throws RangeError for fewer than three samples, or samples that are all of one moment */
export function slopeOf(samples: readonly Sample[]): Slope {
  const count = samples.length
  const minutes = samples.map(({ atMs }) => atMs / 60_000)
  const values = samples.map(({ value }) => value)
  const [meanMinute, meanValue] = [mean(minutes), mean(values)]
  const spread = sum(minutes.map((minute) => (minute - meanMinute) ** 2))
  if (count < 3 || spread === 0) throw new RangeError('A slope needs three samples, of different moments')
  const together = sum(minutes.map((minute, i) => (minute - meanMinute) * ((values[i] ?? 0) - meanValue)))
  const perMinute = together / spread
  const off = minutes.map((minute, i) => (values[i] ?? 0) - meanValue - perMinute * (minute - meanMinute))
  const variance = sum(off.map((residual) => residual ** 2)) / (count - 2)
  return { perMinute, standardError: Math.sqrt(variance / spread), samples: count }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const mean = (values: readonly number[]): number => sum(values) / values.length

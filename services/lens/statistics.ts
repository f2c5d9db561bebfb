// The few statistics that the lens needs, on plain arrays and counts.

/** The value below which `probability` (0–1) of the values lie, interpolated linearly; NaN for no values. */
export function quantile(values: readonly number[], probability: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const position = (sorted.length - 1) * probability
  const below = sorted[Math.floor(position)] ?? Number.NaN
  const above = sorted[Math.ceil(position)] ?? Number.NaN
  return below + (above - below) * (position - Math.floor(position))
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export type Interval = { low: number; high: number }

/**
 * The 95 % score interval of a proportion, honest for small counts and for shares near 0 or 1; [0, 1] when nothing was seen.
 * E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
 */
export function wilson(successes: number, total: number): Interval {
  if (total === 0) return { low: 0, high: 1 }
  const z = 1.959964
  const share = successes / total
  const scale = 1 + z ** 2 / total
  const centre = (share + z ** 2 / (2 * total)) / scale
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / total + z ** 2 / (4 * total ** 2))
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}

/**
 * An interval that holds a distribution's median with 95 % and more, whatever the distribution: from one of the values to another,
 * by their ranks, which are rounded outwards; all of them where they are fewer than six.
 * W. J. Conover, Practical Nonparametric Statistics, 3rd edition (1999), section 3.2.
 */
export function medianInterval(values: readonly number[]): Interval {
  const sorted = values.toSorted((a, b) => a - b)
  const outside = Math.max(0, Math.floor(sorted.length / 2 - 1.959964 * Math.sqrt(sorted.length / 4)) - 1)
  return { low: sorted[outside] ?? Number.NaN, high: sorted[sorted.length - 1 - outside] ?? Number.NaN }
}

/** How many out of how many. */
export type Count = { hits: number; total: number }

/** Two-sided p-value that two shares differ by chance alone: pooled two-proportion z-test. 1 when nothing can be said. */
export function twoProportionP(a: Count, b: Count): number {
  const pooled = (a.hits + b.hits) / (a.total + b.total)
  const spread = Math.sqrt(pooled * (1 - pooled) * (1 / a.total + 1 / b.total))
  if (!(spread > 0)) return 1
  return complementaryError(Math.abs(a.hits / a.total - b.hits / b.total) / spread / Math.SQRT2)
}

/** The same question answered exactly (R. A. Fisher, 1935): sums the tables that are no likelier than the one seen. */
export function fisherP(a: Count, b: Count): number {
  const hits = a.hits + b.hits
  const total = a.total + b.total
  const logOf = (hitsOfA: number) =>
    logChoose(a.total, hitsOfA) + logChoose(b.total, hits - hitsOfA) - logChoose(total, hits)
  const seen = logOf(a.hits)
  let p = 0
  for (let k = Math.max(0, hits - b.total); k <= Math.min(hits, a.total); k++) {
    if (logOf(k) <= seen + 1e-7) p += Math.exp(logOf(k))
  }
  return Math.min(1, p)
}

/** Two-sided p-value for two shares: exact where an expected count is below 5 (there the z-test sees patterns in noise). */
export function shareDifferenceP(a: Count, b: Count): number {
  const hitShare = (a.hits + b.hits) / (a.total + b.total)
  const smallestExpected = Math.min(a.total, b.total) * Math.min(hitShare, 1 - hitShare)
  return smallestExpected < 5 ? fisherP(a, b) : twoProportionP(a, b)
}

/**
 * P-values adjusted for having asked many questions, in the order given: those at most q have a false discovery rate of q.
 * Y. Benjamini, Y. Hochberg, "Controlling the false discovery rate", J. R. Statist. Soc. B 57 (1995).
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const adjusted = new Array<number>(pValues.length)
  const largestFirst = pValues.map((p, index) => ({ p, index })).sort((a, b) => b.p - a.p)
  let smallestSoFar = 1
  for (const [position, { p, index }] of largestFirst.entries()) {
    smallestSoFar = Math.min(smallestSoFar, (p * pValues.length) / (pValues.length - position))
    adjusted[index] = smallestSoFar
  }
  return adjusted
}

/** erfc for x ≥ 0 with a relative error below 1.2e-7, so that tiny p-values keep their order (Numerical Recipes, 6.2.2). */
function complementaryError(x: number): number {
  const t = 1 / (1 + x / 2)
  const coefficients = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
  ]
  return t * Math.exp(-x * x + coefficients.reduceRight((sum, coefficient) => sum * t + coefficient, 0))
}

const logChoose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k)

/** ln n!: looked up while n is small, Stirling's series above (error below 1e-9). */
function logFactorial(n: number): number {
  const known = logFactorials[n]
  if (known !== undefined) return known
  return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3)
}

const logFactorials = [0]
for (let n = 1; n <= 100; n++) logFactorials.push((logFactorials[n - 1] ?? 0) + Math.log(n))

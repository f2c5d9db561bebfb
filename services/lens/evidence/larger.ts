// Trace evidence about how much: a number that is larger in slow checkouts than in fast ones.
import { featuresOf, valuesOf } from '../features.ts'
import { median } from '../statistics.ts'
import { percent } from '../text.ts'
import { pasteAttribute, pasteSlowTraces } from './paste.ts'
import { among, fewestSlow, overSlowTraces, type Traced } from './population.ts'
import { type Cohort, type Evidence, inconclusive } from './types.ts'

/**
 * Of a slow and a fast checkout of the cohort, taken at random, the slow one has the larger number in at least
 * `probability` (0–1, default 0.9) of cases; half of the ties count. `key` is an attribute on any span or an exact key of
 * `Features`; the largest number of a trace counts, and a trace without one has zero.
 */
export function larger(says: string, options: { key: string; among?: Cohort; probability?: number }): Evidence {
  const { key, among: cohort = {}, probability = 0.9 } = options
  return overSlowTraces(says, cohort, {
    judge({ slow, fast }) {
      if (fast.length < fewestSlow)
        return inconclusive(`${fast.length} fast checkouts${among(cohort)} have a stored trace`)
      const [slowNumbers, fastNumbers] = [slow.map(numberOf(key)), fast.map(numberOf(key))]
      const share = shareOfPairs(slowNumbers, fastNumbers)
      const measured = `${key} is ${median(slowNumbers)} in the median of ${slow.length} slow checkouts${among(cohort)} and ${median(fastNumbers)} in that of ${fast.length} fast ones; the slow one has more in ${percent(share)} of pairs (at least ${percent(probability)} expected)`
      return { state: share >= probability ? 'held' : 'failed', measured }
    },
    paste: (window) => [pasteAttribute(key), ...pasteSlowTraces(window)],
  })
}

const numberOf =
  (key: string) =>
  ({ trace }: Traced): number =>
    Math.max(0, ...[...valuesOf(featuresOf(trace), key)].map(Number).filter(Number.isFinite))

/** The probability behind the Mann-Whitney U statistic. */
function shareOfPairs(slow: readonly number[], fast: readonly number[]): number {
  const points = slow.flatMap((a) => fast.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)))
  return points.reduce((sum: number, point) => sum + point, 0) / points.length
}

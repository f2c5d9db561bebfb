// Trace evidence about who is slow: a value that the slow checkouts share and the fast ones mostly lack.
import { featuresOf, valuesOf } from '../features.ts'
import { shareDifferenceP } from '../statistics.ts'
import { percent } from '../text.ts'
import { pasteAttribute, pasteSlowTraces } from './paste.ts'
import { among, fewestSlow, overSlowTraces, type Traced } from './population.ts'
import { type Cohort, type Evidence, inconclusive, type Verdict } from './types.ts'

/** The share among fast checkouts must be at most this part of the share among slow ones, unless something else is said. */
const farLess = 0.5
const significance = 0.01

type SharedOptions = { key: string; value?: string; atLeastShare: number; fastAtMost?: number; among?: Cohort }

/**
 * At least `atLeastShare` (0–1) of the slow checkouts share one value of `key`, and the fast ones of the same cohort at most
 * half as often, or at most `fastAtMost` (0–1) where only a few values are there to have (and not by chance, p ≤ 0.01). `key` is
 * an attribute on any span or an exact key of `Features`; elements of an array count each. Without `value` it is the commonest
 * one among the slow that counts.
 */
export function shared(says: string, options: SharedOptions): Evidence {
  const { key, among: cohort = {} } = options
  return overSlowTraces(says, cohort, {
    judge({ slow, fast }) {
      if (fast.length < fewestSlow)
        return inconclusive(`${fast.length} fast checkouts${among(cohort)} have a stored trace`)
      return judgeShared(slow.map(valuesIn(key)), fast.map(valuesIn(key)), options)
    },
    paste: (window) => [pasteAttribute(key, options.value), ...pasteSlowTraces(window)],
  })
}

function judgeShared(
  slow: Set<string>[],
  fast: Set<string>[],
  { key, value, atLeastShare, fastAtMost, among: cohort = {} }: SharedOptions,
): Verdict {
  const candidate = value ?? commonest(slow)
  const count = (sets: Set<string>[]) =>
    sets.filter((values) => candidate !== undefined && values.has(candidate)).length
  const [slowHits, fastHits] = [count(slow), count(fast)]
  const [slowShare, fastShare] = [slowHits / slow.length, fastHits / fast.length]
  const p = shareDifferenceP({ hits: slowHits, total: slow.length }, { hits: fastHits, total: fast.length })
  const measured = `${key} = ${candidate ?? 'nothing'} in ${slowHits} of ${slow.length} slow checkouts${among(cohort)} (${percent(slowShare)}, at least ${percent(atLeastShare)} expected) and in ${fastHits} of ${fast.length} fast ones (${percent(fastShare)})`
  const isRare = fastShare <= (fastAtMost ?? slowShare * farLess)
  const isShared = slowShare >= atLeastShare && isRare && p <= significance
  return { state: isShared ? 'held' : 'failed', measured }
}

const valuesIn =
  (key: string) =>
  ({ trace }: Traced): Set<string> =>
    new Set([...valuesOf(featuresOf(trace), key)].map(String))

function commonest(sets: Set<string>[]): string | undefined {
  const counts = new Map<string, number>()
  for (const values of sets) for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}

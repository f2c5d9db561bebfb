// What slow traces have that fast ones lack: attribute values ranked by how differently often they occur.
import { bucketed, type Features, featuresOf, isDerived, limitsBelow } from './features.ts'
import { benjaminiHochberg, shareDifferenceP } from './statistics.ts'
import { percent } from './text.ts'
import type { Trace } from './trace.ts'

/**
 * One value that is commoner among slow traces. Shares (0–1) are of all slow and all fast traces; `p` is adjusted for the
 * number of values looked at (Benjamini–Hochberg). `key` is as in `Features`.
 */
export type Difference = {
  key: string
  value: string
  shareSlow: number
  shareFast: number
  slowCount: number
  fastCount: number
  p: number
  says: string
  /** What is true of the very same traces: further facts about that span, or the attribute on other spans. */
  alike: { key: string; value: string }[]
}

/** How sentences speak of the two sides. */
export type Sides = { slow: string; fast: string }
const slowAndFast: Sides = { slow: 'the slow traces', fast: 'the fast ones' }

/** Fewer slow traces than this make no pattern. */
export const fewestSlow = 5
/** A differing value is reported when its adjusted p-value is at most this. */
const significance = 0.05
/** A key with more distinct values than this share of its traces names the trace instead of describing it. */
const idRatio = 0.5
/** Numbers with more distinct values than this are compared in buckets. */
const distinctNumbersKept = 8

/**
 * Ranks what is commoner in slow traces than in fast ones, largest difference of shares first. Empty when nothing separates
 * them, which is an answer: look at time, instance or load.
 *
 * The score is the one of Grafana's Traces Drilldown and of Honeycomb's BubbleUp (difference of shares); unlike these it asks
 * for support and significance, so that noise in small sets is not reported.
 */
export function compare(slow: readonly Trace[], fast: readonly Trace[], sides: Sides = slowAndFast): Difference[] {
  if (slow.length < fewestSlow || fast.length === 0) return []
  const counts = countValues(slow.map(featuresOf), fast.map(featuresOf))
  const tested = counts.filter(({ slowCount, fastCount }) => slowCount + fastCount >= fewestSlow)
  const pValues = tested.map(({ slowCount, fastCount }) =>
    shareDifferenceP({ hits: slowCount, total: slow.length }, { hits: fastCount, total: fast.length }),
  )
  const adjusted = benjaminiHochberg(pValues)
  const differences = tested
    .map((counted, index) => difference(counted, adjusted[index] ?? 1, [slow.length, fast.length], sides))
    .filter((one) => one.slowCount >= fewestSlow && one.shareSlow > one.shareFast && one.p <= significance)
    .sort(
      (a, b) => scoreOf(b) - scoreOf(a) || a.p - b.p || strangeness(a) - strangeness(b) || a.key.length - b.key.length,
    )
  return withoutCopies(withoutLesserRanges(differences))
}

/** Of a number's ranges the one that tells most. */
function withoutLesserRanges(ranked: readonly Difference[]): Difference[] {
  const seen = new Set<string>()
  return ranked.filter(({ key, value }) => {
    if (!isRange(value)) return true
    const isFirst = !seen.has(key)
    seen.add(key)
    return isFirst
  })
}

/** Of what differs alike, the shop's own words come first: they say more than a port. */
const strangeness = ({ key }: Difference): number => (attributeOf(key).startsWith('shop.') ? 0 : 1)

const scoreOf = ({ shareSlow, shareFast }: Difference): number => shareSlow - shareFast

/** Whether a trace is one of those that a difference counts. */
export const carries = (features: Features, { key, value }: Pick<Difference, 'key' | 'value'>): boolean =>
  [...(features.get(key) ?? [])].some((own) => String(own) === value || rangesOf(own).includes(value))

/** The comparison in one sentence, naming the three strongest differences. */
export function summaryOf(differences: readonly Difference[]): string {
  if (differences.length === 0) return 'Nothing separates slow from fast: look at time, instance or load.'
  return differences
    .slice(0, 3)
    .map(({ says }) => says)
    .join('; ')
}

/**
 * An attribute that several spans carry alike (baggage, an order's cart) is one difference, and so is a span that only some
 * traces have, whatever is written on it: the first stays, and the shop's own attributes.
 */
function withoutCopies(ranked: readonly Difference[]): Difference[] {
  const kept: Difference[] = []
  const first = new Map<string, Difference>()
  for (const one of ranked) {
    const attribute = isDerived(one.key) ? one.key : attributeOf(one.key)
    const same = JSON.stringify([attribute, one.value, one.slowCount, one.fastCount])
    const sameSpan = JSON.stringify([spanOf(one.key), one.slowCount, one.fastCount])
    const saysLittle = !isDerived(one.key) && spanOf(one.key) !== '' && strangeness(one) > 0
    const twin = first.get(same) ?? (saysLittle ? first.get(sameSpan) : undefined)
    if (twin === undefined) kept.push(one)
    else twin.alike.push({ key: one.key, value: one.value })
    for (const id of [same, sameSpan]) if (!first.has(id)) first.set(id, twin ?? one)
  }
  return kept
}

/** The two parts of a key `service:span name:attribute`; a bare attribute has no span. */
const attributeOf = (key: string): string => key.slice(key.lastIndexOf(':') + 1)
const spanOf = (key: string): string => key.slice(0, Math.max(0, key.lastIndexOf(':')))

type Counted = { key: string; value: string; slowCount: number; fastCount: number }

function countValues(slow: readonly Features[], fast: readonly Features[]): Counted[] {
  const readers = readersOf([...slow, ...fast])
  const counted = new Map<string, Counted>()
  const count = (all: readonly Features[], side: 'slowCount' | 'fastCount') => {
    for (const features of all) {
      for (const [key, values] of features) {
        for (const value of readers.get(key)?.(values) ?? []) {
          const id = `${key}\0${value}`
          const soFar = counted.get(id) ?? { key, value, slowCount: 0, fastCount: 0 }
          soFar[side] += 1
          counted.set(id, soFar)
        }
      }
    }
  }
  count(slow, 'slowCount')
  count(fast, 'fastCount')
  return [...counted.values()]
}

type Values = ReadonlySet<string | number>
type Read = (values: Values) => Iterable<string>

/** How to read the values of each key; keys whose values are ids have no reader. */
function readersOf(all: readonly Features[]): Map<string, Read> {
  const byKey = new Map<string, Values[]>()
  for (const features of all) {
    for (const [key, values] of features) {
      const soFar = byKey.get(key)
      if (soFar === undefined) byKey.set(key, [values])
      else soFar.push(values)
    }
  }
  return new Map(
    [...byKey].flatMap(([key, present]) => {
      const read = readerOf(present)
      return read === undefined ? [] : [[key, read]]
    }),
  )
}

/** How to read the values of a key; undefined when they are ids. Sets (a cart's products) may have many values. */
function readerOf(present: readonly Values[]): Read | undefined {
  const distinct = new Set(present.flatMap((values) => [...values]))
  const areNumbers = [...distinct].every((value) => typeof value === 'number')
  if (areNumbers && distinct.size > distinctNumbersKept) return (values) => new Set([...values].flatMap(rangesOf))
  const areSingle = present.every((values) => values.size === 1)
  if (areSingle && distinct.size > 1 && distinct.size / present.length > idRatio) return undefined
  return (values) => [...values].map(String)
}

/** What is slow may be large rather than of one size: a number is in its bucket, and above each limit below it. */
const rangesOf = (value: string | number): string[] => [bucketed(value), ...limitsBelow(Number(value)).map(atLeast)]
const atLeast = (limit: number): string => `≥ ${limit}`
const isRange = (value: string): boolean => /^≥ |\d–\d/.test(value)

function difference(counted: Counted, p: number, [slowTotal, fastTotal]: [number, number], sides: Sides): Difference {
  const shareSlow = counted.slowCount / slowTotal
  const shareFast = counted.fastCount / fastTotal
  const is = counted.value.startsWith('≥') ? counted.value : `= ${counted.value}`
  const says = `${counted.key} ${is} in ${percent(shareSlow)} of ${sides.slow} and ${percent(shareFast)} of ${sides.fast}`
  return { ...counted, shareSlow, shareFast, p, says, alike: [] }
}

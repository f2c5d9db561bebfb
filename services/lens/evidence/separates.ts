// Trace evidence about what tells slow from fast: the declared value ranks high among everything that differs, or nothing does.
import { compare, type Difference } from '../compare.ts'
import { pasteAttribute, pasteSlowTraces } from './paste.ts'
import { among, fewestSlow, overSlowTraces, type Population } from './population.ts'
import { type Cohort, type Evidence, inconclusive, type Verdict } from './types.ts'

/** A person reads so many lines of a comparison before they try something else. */
const readLines = 3
/** A value separates when its share among slow ones is larger by this much (0–1) than among fast ones. */
const separatingGap = 0.5
/** How a checkout ended does not say why it was slow. */
const isOutcome = ({ key, value }: Difference): boolean =>
  /(^|:)(error|error\.type|http\.response\.status_code)$/.test(key) || (key.endsWith(':event') && value === 'exception')

/**
 * In the comparison of slow with fast checkouts `key` (with `value`, where one is known) is among the three largest
 * differences. `key` is an attribute on any span or an exact key of `Features`.
 */
export function separates(
  says: string,
  { key, value, among: cohort = {} }: { key: string; value?: string; among?: Cohort },
): Evidence {
  const isDeclared = (one: Difference) =>
    [one, ...one.alike].some(
      (fact) => (fact.key === key || fact.key.endsWith(`:${key}`)) && (value === undefined || fact.value === value),
    )
  const evidence = overComparison(says, cohort, (differences) => {
    const rank = differences.findIndex(isDeclared)
    const [first] = differences
    const found = differences[rank]
    const what = value === undefined ? key : `${key} = ${value}`
    const where =
      found === undefined
        ? `${what} is not among the ${differences.length} differences${among(cohort)}; first is ${first?.says ?? 'nothing'}`
        : `number ${rank + 1} of ${differences.length} differences${among(cohort)} (one of the first ${readLines} expected): ${found.says}`
    return { state: rank >= 0 && rank < readLines ? 'held' : 'failed', measured: where }
  })
  return { ...evidence, paste: (window) => [pasteAttribute(key, value), ...pasteSlowTraces(window)] }
}

/**
 * No value of any attribute is in far more of the slow checkouts than of the fast ones (by 50 points or more): whoever is slow
 * had bad luck, and the reason is to be looked for in time, place or load.
 */
export function nothingSeparates(says: string, { among: cohort = {} }: { among?: Cohort } = {}): Evidence {
  return overComparison(says, cohort, (differences) => {
    const [first] = differences.filter((one) => !isOutcome(one))
    const gap = first === undefined ? 0 : first.shareSlow - first.shareFast
    const measured = `the largest difference${among(cohort)} is ${first?.says ?? 'none'} (${Math.round(gap * 100)} points apart, less than ${separatingGap * 100} expected)`
    return { state: gap < separatingGap ? 'held' : 'failed', measured }
  })
}

function overComparison(says: string, cohort: Cohort, judge: (differences: Difference[]) => Verdict): Evidence {
  const compared = ({ slow, fast }: Population) => {
    if (fast.length < fewestSlow)
      return inconclusive(`${fast.length} fast checkouts${among(cohort)} have a stored trace`)
    return judge(
      compare(
        slow.map(({ trace }) => trace),
        fast.map(({ trace }) => trace),
      ),
    )
  }
  return { ...overSlowTraces(says, cohort, { judge: compared, paste: pasteSlowTraces }), topic: 'discriminator' }
}

// What makes a run fail, from the limits of a lesson: k6 exits with 99 then. Pure.
import { slo } from '../../services/kit/slo.ts'
import { attributes } from '../../services/kit/telemetry/names.ts'
import { countOf } from '../arrival-times.ts'
import { closedPart, type Lesson, type Limit } from '../lessons.ts'
import type { Profile } from '../profiles.ts'
import { aheadMsOf } from './blocks.ts'

export type Threshold = string | { threshold: string; abortOnFail: true; delayAbortEval?: string }

/** k6 counts from the beginning of `setup`, which takes the longer the more are planned, and looks every two seconds. */
const setUpSeconds = (profile: Profile): number => 5 + countOf(profile) / 2000

/** The objective where the lesson wants it, and that nobody is left out. */
export function thresholdsOf(lesson: Lesson): Record<string, Threshold[]> {
  const objective = `rate>=${slo.objective}`
  return {
    dropped_iterations: [endsSomewhere(lesson) ? { threshold: 'count==0', abortOnFail: true } : 'count==0'],
    ...Object.fromEntries(measuredParts(lesson).map((name) => [durationIn(name), []])),
    ...Object.fromEntries(measuredParts(lesson).map((name) => [goodIn({ part: name }), []])),
    ...Object.fromEntries(
      lesson.limits.map((limit) => [
        goodIn(limit),
        [limit.ends ? { threshold: objective, abortOnFail: true, delayAbortEval: endOf(limit, lesson) } : objective],
      ]),
    ),
  }
}

const endsSomewhere = ({ limits }: Lesson): boolean => limits.some(({ ends }) => ends)

/** k6 keeps numbers by tag only for what has an entry among the thresholds, an empty one if need be. */
export const measuredParts = ({ parts, closed }: Lesson): string[] => [
  ...(closed ? [closedPart] : []),
  ...parts.map(({ name }) => name),
]

export const durationIn = (part: string): string => `checkout_duration{part:${part}}`

/** The metric that a limit is about. */
export function goodIn({ part, cohort }: Limit): string {
  const tags = [
    ...(part === undefined ? [] : [`part:${part}`]),
    ...(cohort === undefined ? [] : [`${tagOf(cohort.key)}:${cohort.value}`]),
  ]
  return tags.length === 0 ? 'checkout_good' : `checkout_good{${tags.join(',')}}`
}

/** What tells cohorts apart among k6's measurements: few values of few things, for each combination is a series of its own. */
export const taggedIn = ({ limits }: Lesson): string[] => [
  ...new Set([attributes.cartSize, ...limits.flatMap(({ cohort }) => cohort?.key ?? [])]),
]

/** `shop.cart_size` is `cart_size` among k6's tags. */
export const tagOf = (attribute: string): string => attribute.slice(attribute.indexOf('.') + 1)

/** A part is judged when it is over: a single slow checkout among the first twenty is no answer yet. */
function endOf({ part }: Limit, { parts, profile }: Lesson): string {
  const toSeconds = parts.find(({ name }) => name === part)?.toSeconds ?? 0
  return `${Math.ceil(setUpSeconds(profile) + aheadMsOf(profile) / 1000 + toSeconds)}s`
}

// What a scenario is: the change somebody shipped, what it does to checkouts, and the evidence that shows it.
import type { Profile } from '../../loadtest/profiles.ts'
import type { Setting } from '../kit/flags/flag.ts'
import {
  type Cohort,
  designBounds,
  type Evidence,
  healedByItself,
  type ImpactBounds,
  impactBound,
  loudest,
  nothingSeparates,
  type Query,
  separates,
  withinSlo,
} from '../lens/evidence.ts'
import type { Window } from '../lens/source.ts'
import type { Claims } from '../lens/verdict.ts'
import type { MechanismId } from '../lens/why/mechanisms.ts'
import { isCalmSetting } from './shop-flags.ts'

/**
 * What the slow checkouts have in common: an attribute (any value of it, where none can be named beforehand). `among` says of
 * whom that is true, when not of all, and `cohort` says the same to a machine. Or that nothing separates them from the fast
 * ones: the reason is when, where or beside what they came.
 */
export type Discriminator =
  | { key: string; value?: string; among?: string; cohort?: Cohort }
  | { nothing: 'time' | 'place' | 'load'; among?: string; cohort?: Cohort }

/** The answer, as a person would give it. */
export type Truth = {
  component: string
  /** Of the closed vocabulary that `why` answers in. */
  kind: MechanismId | 'none'
  mechanism: string
  discriminator: Discriminator
  /** From the cause to what the customer feels, in order. */
  path: string[]
}

/** A wrong explanation that looks right at first, and the queries whose answers refute it. */
export type Decoy = { says: string; refutedBy: string; paste(window: Window): Query[] }

/** Something people would do about it, and why the slow checkouts stay. `set` does it, where it can be done with flags. */
export type WrongFix = { fix: string; because: string; set?: Setting[] }

/** What ends it, as flags that are set besides those that are armed. */
export type RightFix = { fix: string; set: Setting[] }

/**
 * A panel of a dashboard, `at` values of its variables, and the `series` by its name there. That shows the cause by rising to
 * `least` or more, in the panel's unit (where it is left out, half of what a checkout may take); or it `falls`.
 */
export type PanelPlace = {
  dashboard: string
  panel: string
  at?: Record<string, string>
  series: string
  least?: number
  falls?: boolean
}

/**
 * The panel that shows the cause first, and the alerts that fire within a minute or so; `because` says why none should. Others
 * are not to fire, but for those that `mayFire`. `npm run sightings` looks whether it is so.
 */
export type Seen = { panel?: PanelPlace; alerts: string[]; mayFire?: string[]; because?: string }

export type Scenario = {
  /** Never appears in telemetry. */
  id: string
  level: number
  /** Shown after the answer was given. */
  title: string
  question: string
  /** A scenario that is no incident: nothing happens at all, or something that is over before anybody could do anything. */
  control?: 'nothing' | 'heals'
  arm: Setting[]
  /** How long what is armed lasts by itself, where it does not last until it is reset. */
  lastsSeconds?: number
  /** Played besides the usual checkouts while armed. */
  extraLoad?: Profile
  /** Arrival rate × hold time, or whatever predicts the share of slow checkouts. */
  arithmetic: string
  truth: Truth
  /** Where this scenario's bounds differ from the design's. */
  impact: Partial<ImpactBounds>
  symptoms: Evidence[]
  alibis: Evidence[]
  /** The service that looks worst, culprit or not, where that can be relied on. */
  loudest?: string
  decoy?: Decoy
  /** What the telemetry itself does wrong. */
  breaks?: 'propagation' | 'sampling'
  hints: string[]
  wrongFixes: WrongFix[]
  rightFix?: RightFix
  seen: Seen
}

/**
 * What has to show while armed and at no other time. Every scenario has these: some checkouts are slow and most are not, and
 * the declared attribute tells one from the other (or none does).
 */
export function symptomsOf({
  control,
  lastsSeconds = 0,
  impact,
  symptoms,
  truth,
  loudest: service,
}: Scenario): Evidence[] {
  if (control === 'nothing') return symptoms
  if (control === 'heals')
    return [
      healedByItself('some were slow, and none since', { withinSeconds: lastsSeconds + healingSeconds }),
      ...symptoms,
    ]
  return [
    impactBound('a few checkouts are slow, the median is not', impact),
    ...symptoms,
    discriminating(truth.discriminator),
    ...(service === undefined ? [] : [loudest(`${service} looks worst of all services`, { service })]),
  ]
}

/** From when a flag has expired until the last checkout that it touched is answered. */
const healingSeconds = 3

function discriminating(discriminator: Discriminator): Evidence {
  const { among: who, cohort: among = {} } = discriminator
  const of = who === undefined ? '' : ` among ${who}`
  if ('nothing' in discriminator)
    return nothingSeparates(`nothing separates slow from fast${of}: look at ${discriminator.nothing}`, { among })
  const { key, value } = discriminator
  const what = value === undefined ? key : `${key} = ${value}`
  return separates(`${what} is what tells slow from fast${of}`, {
    key,
    among,
    ...(value === undefined ? {} : { value }),
  })
}

/** What stays true throughout. Of a scenario in which nothing happens, that checkouts are as quick as ever. */
export function alibisOf({ control, alibis }: Scenario): Evidence[] {
  if (control !== 'nothing') return alibis
  const { medianRatioAtMost } = designBounds
  return [withinSlo('checkouts meet the objective, and take as long as ever', { medianRatioAtMost }), ...alibis]
}

/** Everything that a scenario claims, and that after the reset checkouts meet the objective. */
export const claimsOf = (scenario: Scenario): Required<Claims> => ({
  symptoms: symptomsOf(scenario),
  alibis: alibisOf(scenario),
  recoveries: [withinSlo('without it checkouts meet the objective')],
  isControl: scenario.control === 'nothing',
})

/** Every piece of evidence, in the order of the table. */
export function evidenceOf(scenario: Scenario): Evidence[] {
  const { symptoms, alibis, recoveries } = claimsOf(scenario)
  return [...symptoms, ...recoveries, ...alibis]
}

/** What a proof of a scenario that is held says. */
export const heldPhrase = ({ control }: Scenario): string =>
  control === undefined ? 'held' : { nothing: 'held: nothing is wrong', heals: 'held: healed by itself' }[control]

/** The settings, with an end that comes even when whoever armed them does not come back. What is calm needs none. */
export const expiring = (settings: readonly Setting[], until: string): Setting[] =>
  settings.map((setting) => (isCalmSetting(setting) ? setting : { ...setting, until }))

// What a scenario is: the change somebody shipped, what it does to checkouts, and the evidence that shows it.
import type { Profile } from '../../loadtest/profiles.ts'
import type { Setting } from '../kit/flags/flag.ts'
import { type Evidence, type ImpactBounds, impactBound, type Query } from '../lens/evidence.ts'
import type { Window } from '../lens/source.ts'

/** The answer, as a person would give it. */
export type Truth = {
  component: string
  mechanism: string
  /** What the slow checkouts have in common; `among` says of whom that is true, when not of all. */
  discriminator: { key: string; value: string; among?: string }
  /** From the cause to what the customer feels, in order. */
  path: string[]
}

/** A wrong explanation that looks right at first, and the queries whose answers refute it. */
export type Decoy = { says: string; refutedBy: string; paste(window: Window): Query[] }

/** Something people would do about it, and why the slow checkouts stay. */
export type WrongFix = { fix: string; because: string }

export type Scenario = {
  /** Never appears in telemetry. */
  id: string
  level: number
  /** Shown after the answer was given. */
  title: string
  question: string
  arm: Setting[]
  /** Played besides the usual checkouts while armed. */
  extraLoad?: Profile
  /** Arrival rate × hold time, or whatever predicts the share of slow checkouts. */
  arithmetic: string
  truth: Truth
  /** Where this scenario's bounds differ from the design's. */
  impact: Partial<ImpactBounds>
  symptoms: Evidence[]
  alibis: Evidence[]
  decoy?: Decoy
  breaks?: 'propagation'
  hints: string[]
  wrongFixes: WrongFix[]
}

/** The symptom that every scenario has comes first: some checkouts are slow, most are not. */
export function symptomsOf({ impact, symptoms }: Scenario): Evidence[] {
  return [impactBound('a few checkouts are slow, the median is not', impact), ...symptoms]
}

/** The settings, with an end that comes even when whoever armed them does not come back. */
export const expiring = (settings: readonly Setting[], until: string): Setting[] =>
  settings.map((setting) => ({ ...setting, until }))

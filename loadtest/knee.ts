// Up to which rate the objective holds, from a run whose parts are called by their rates. Pure.
import { slo } from '../services/kit/slo.ts'
import { noAnswer } from './outcome.ts'
import type { Report } from './report.ts'

/** A part of a run, as much of it as is asked for. */
export type PartOf<Key extends keyof Report> = { name: string; report: Pick<Report, Key> }

/** As much of a run as the knee is found in. */
export type Climb = {
  isPartial: boolean
  dropped?: number
  parts: readonly (PartOf<'goodShare'> & { report: Partial<Pick<Report, 'errors'>> })[]
}

/** `isCutOff`: nothing broke, but the step after `heldAt` was not played to its end. */
export type Knee = { heldAt?: number; brokenAt?: number; isCutOff: boolean }

/** The rates a second of the last step that holds and of the first one that does not; undefined where parts are no steps. */
export function kneeOf({ parts, isPartial, dropped = 0 }: Climb): Knee | undefined {
  const steps = parts.map(({ name, report }) => ({ rate: rateIn(name), holds: isHeld(report) }))
  if (steps.length === 0 || steps.some(({ rate }) => Number.isNaN(rate))) return undefined
  const firstBroken = steps.findIndex(({ holds }) => !holds)
  // Of an unfinished step nobody knows: the checkouts that would have broken it may be those that are missing.
  const isCutOff = firstBroken === -1 && (isPartial || dropped > 0)
  const held = firstBroken === -1 ? steps.slice(0, isCutOff ? -1 : undefined) : steps.slice(0, firstBroken)
  const heldAt = held.at(-1)?.rate
  const brokenAt = steps[firstBroken]?.rate
  return { ...(heldAt === undefined ? {} : { heldAt }), ...(brokenAt === undefined ? {} : { brokenAt }), isCutOff }
}

/** Who was left out was not served, however few they are. */
const isHeld = ({ goodShare, errors = {} }: Climb['parts'][number]['report']): boolean =>
  goodShare >= slo.objective && (errors[noAnswer.dropped] ?? 0) === 0

/** The rate a second that a part is called by; NaN where it is called something else. */
export const rateIn = (name: string): number => Number(/^(\d+(?:\.\d+)?)\/s$/.exec(name)?.[1] ?? Number.NaN)

// Up to which rate the objective holds, from a run whose parts are called by their rates. Pure.
import { slo } from '../services/kit/slo.ts'
import type { Report } from './report.ts'

/** A part of a run, as much of it as is asked for. */
export type PartOf<Key extends keyof Report> = { name: string; report: Pick<Report, Key> }

/** The rates a second of the last step that holds and of the first one that does not; undefined where parts are no steps. */
export function kneeOf({
  parts,
}: {
  parts: readonly PartOf<'goodShare'>[]
}): { heldAt?: number; brokenAt?: number } | undefined {
  const steps = parts.map(({ name, report }) => ({ rate: rateIn(name), holds: report.goodShare >= slo.objective }))
  if (steps.length === 0 || steps.some(({ rate }) => Number.isNaN(rate))) return undefined
  const firstBroken = steps.findIndex(({ holds }) => !holds)
  const heldAt = steps.at(firstBroken === -1 ? -1 : firstBroken - 1)?.rate
  const brokenAt = steps[firstBroken]?.rate
  return {
    ...(firstBroken === 0 || heldAt === undefined ? {} : { heldAt }),
    ...(brokenAt === undefined ? {} : { brokenAt }),
  }
}

const rateIn = (name: string): number => Number(/^(\d+)\/s$/.exec(name)?.[1] ?? Number.NaN)

// Who is slow: how many of how many, beyond what may be, and of whom there is a trace to read.
import { slo } from '../../kit/slo.ts'
import { fewestSlow, isSlow, type Traced, withTraces } from '../evidence/population.ts'
import type { Observed } from '../evidence/types.ts'
import { type Interval, wilson } from '../statistics.ts'
import { orphansOf } from '../trace.ts'

/** What was looked at. `counted` is what metrics say of checkouts, of which traces may be a part only. */
export type Looked = Observed & { counted?: { total: number; slow: number } }

/** How many checkouts there were, how many over the threshold, and of how many of each there is a trace. */
export type Who = {
  total: number
  slow: number
  interval: Interval
  traced: { slow: number; fast: number }
  incomplete: number
}

/** Beyond chance more than the objective allows. */
export const isMoreThanMayBe = ({ slow, interval }: Who): boolean =>
  slow >= fewestSlow && interval.low > 1 - slo.objective

export function populationsIn(observed: Observed): { slow: Traced[]; fast: Traced[] } {
  const traced = withTraces(observed.samples, observed)
  return { slow: traced.filter(({ sample }) => isSlow(sample)), fast: traced.filter(({ sample }) => !isSlow(sample)) }
}

export function whoIn({ samples, counted }: Looked, slowOnes: readonly Traced[], fastOnes: readonly Traced[]): Who {
  const observed = { total: samples.length, slow: samples.filter(isSlow).length }
  const { total, slow } = counted !== undefined && counted.total > observed.total ? counted : observed
  return {
    ...{ total, slow, interval: wilson(slow, total) },
    traced: { slow: slowOnes.length, fast: fastOnes.length },
    incomplete: [...slowOnes, ...fastOnes].filter(({ trace }) => orphansOf(trace).length > 0).length,
  }
}

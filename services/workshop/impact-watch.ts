// Looks at live checkouts until it is beyond doubt that some of them are slow.
import { designBounds, type ImpactBounds } from '../lens/evidence.ts'
import { wilson } from '../lens/statistics.ts'

export type Counts = { checkouts: number; slow: number }

/** Fewer slow checkouts are an accident, and fewer checkouts no basis. */
const fewestSlow = 5
const fewestCheckouts = 100

/** Whether the share of slow checkouts is beyond doubt above what the scenario's bounds ask for. */
export function isImpact({ checkouts, slow }: Counts, overrides: Partial<ImpactBounds>): boolean {
  const { intervalAbove } = { ...designBounds, ...overrides }
  return checkouts >= fewestCheckouts && slow >= fewestSlow && wilson(slow, checkouts).low > intervalAbove
}

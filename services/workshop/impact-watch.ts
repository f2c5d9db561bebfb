// Looks at live checkouts until it is beyond doubt that some of them are slow.

import { slo } from '../kit/slo.ts'
import { spans } from '../kit/telemetry/names.ts'
import { designBounds, type ImpactBounds } from '../lens/evidence.ts'
import type { TraceQuery, TraceSummary } from '../lens/sources/viewer.ts'
import { wilson } from '../lens/statistics.ts'

export type Search = (query: TraceQuery) => Promise<TraceSummary[]>
export type Counts = { checkouts: number; slow: number }

/** Fewer slow checkouts are an accident, and fewer checkouts no basis. */
const fewestSlow = 5
const fewestCheckouts = 100
/** More than a minute at the highest rate that a laptop bears. */
const mostTraces = 5000

/** The checkouts that the trace store has since a point in time. */
export async function countSince(search: Search, fromMs: number, untilMs: number): Promise<Counts> {
  const window = { fromMs, toMs: untilMs }
  const found = await search({ service: 'api', route: spans.checkout, window, limit: mostTraces })
  return { checkouts: found.length, slow: found.filter(({ durationMs }) => durationMs > slo.thresholdMs).length }
}

/** Whether the share of slow checkouts is beyond doubt above what the scenario's bounds ask for. */
export function isImpact({ checkouts, slow }: Counts, overrides: Partial<ImpactBounds>): boolean {
  const { intervalAbove } = { ...designBounds, ...overrides }
  return checkouts >= fewestCheckouts && slow >= fewestSlow && wilson(slow, checkouts).low > intervalAbove
}

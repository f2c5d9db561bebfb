// The trace list: which summaries are wanted, and in which order.
import { slo } from '../../services/kit/slo.ts'
import type { TraceSummary } from '../../services/lens/sources/viewer.ts'
import type { TracesQuery } from './queries.ts'

export type FoundTraces = {
  traces: TraceSummary[]
  /** How many match, of which `traces` has the first ones; and how many of all that match are slow or have errors. */
  total: number
  slow: number
  withErrors: number
  /** Roots that the filter could name, most frequent first. */
  routes: string[]
  sloMs: number
}

/** Services export in turns: for this long a trace without its root is on its way, not broken. */
const arrivingMs = 5_000

/** `nowMs` is the epoch time of the question. */
export function findTraces(arrived: TraceSummary[], query: TracesQuery, nowMs: number): FoundTraces {
  const all = listed(arrived, nowMs)
  const found = all.filter((summary) => isWanted(summary, query))
  const order = query.sort === 'slowest' ? byDuration : byStart
  return {
    traces: found.toSorted(order).slice(0, query.limit),
    total: found.length,
    slow: found.filter((summary) => summary.durationMs > slo.thresholdMs).length,
    withErrors: found.filter((summary) => summary.errorCount > 0).length,
    routes: routesOf(all),
    sloMs: slo.thresholdMs,
  }
}

/** Without the traces that are still on their way. */
export const listed = (arrived: readonly TraceSummary[], nowMs: number): TraceSummary[] =>
  arrived.filter((summary) => summary.hasRoot || summary.startMs < nowMs - arrivingMs)

const byStart = (a: TraceSummary, b: TraceSummary): number => b.startMs - a.startMs
const byDuration = (a: TraceSummary, b: TraceSummary): number => b.durationMs - a.durationMs

/** What a trace is asked for; what is left out or undefined fits every trace. */
type Wanted = { [K in Exclude<keyof TracesQuery, 'sort' | 'limit'>]?: TracesQuery[K] | undefined }

/** `route` fits the route of the root (`/api/checkout`) as well as its whole name (`POST /api/checkout`). */
export function isWanted(summary: TraceSummary, query: Wanted): boolean {
  const { service, route, minDurationMs = 0, maxDurationMs = Number.POSITIVE_INFINITY } = query
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = query
  return (
    (service === undefined || summary.services.includes(service)) &&
    (route === undefined || summary.route === route || summary.rootName === route) &&
    (query.errors !== 'true' || summary.errorCount > 0) &&
    summary.durationMs >= minDurationMs &&
    summary.durationMs <= maxDurationMs &&
    summary.startMs >= from &&
    summary.startMs < to
  )
}

function routesOf(all: readonly TraceSummary[]): string[] {
  const counts = new Map<string, number>()
  for (const { rootName } of all) counts.set(rootName, (counts.get(rootName) ?? 0) + 1)
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 100)
    .map(([name]) => name)
}

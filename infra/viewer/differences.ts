// What the traces of a region (a stretch of time, a range of durations) have that others of the same root lack.
import { carries, compare, type Difference, fewestSlow, summaryOf } from '../../services/lens/compare.ts'
import { type Features, featuresOf } from '../../services/lens/features.ts'
import type { TraceSummary } from '../../services/lens/sources/viewer.ts'
import type { Trace } from '../../services/lens/trace.ts'
import { isWanted, listed } from './find-traces.ts'
import type { DifferencesQuery } from './queries.ts'
import type { TracesStore } from './traces-store.ts'
import { usualOf } from './usual.ts'

export type Differences = {
  /** The root that is compared: the commonest one of the region. Absent when nothing is in the region. */
  rootName?: string
  inside: Side
  others: Side
  /** Traces of the region that have another root; they are left out. */
  ofOtherRoots: number
  /** The result in a sentence, or why there is none. */
  says: string
  /** Which traces were left out because they are too many; empty when all were compared. */
  cut: string
  differences: (Difference & { example: string })[]
  /** The slowest trace of the region, and of the others the one nearest to their median. */
  slowest?: string
  usual?: string
}
/** How many traces there are on a side, and how many of them were compared. */
export type Side = { count: number; compared: number }

/** Reading the attributes of more takes longer than somebody with a finger on the mouse waits. */
const mostCompared = 500
const sides = { slow: 'the traces in the region', fast: 'the others' }

/** The others are all traces with the region's root that the list has for its own range of time, route and service. */
export function differencesOf(
  store: Pick<TracesStore, 'summaries' | 'get' | 'keptSinceMs'>,
  query: DifferencesQuery,
  nowMs: number,
): Differences {
  const { from, to, minMs, maxMs, route, service, errors, othersFrom, othersTo } = query
  const all = listed(store.summaries(), nowMs)
  // Slow ones are kept for longer: they would be compared with fast ones of another time.
  const sinceMs = Math.max(0, store.keptSinceMs())
  const region = { from: from ?? sinceMs, to, minDurationMs: minMs, maxDurationMs: maxMs, route, service, errors }
  const selected = all.filter((summary) => isWanted(summary, region))
  const rootName = commonestRoot(selected)
  const inside = selected.filter((summary) => summary.rootName === rootName)
  const chosen = new Set(inside)
  const others = all.filter(
    (summary) =>
      summary.rootName === rootName &&
      !chosen.has(summary) &&
      isWanted(summary, { from: othersFrom ?? sinceMs, to: othersTo, service }),
  )
  const slow = spread(inside)
  const fast = spread(others)
  const traces = tracesIn(store, slow)
  const differences = compare(traces, tracesIn(store, fast), sides)
  const slowest = inside.toSorted(bySlowness)[0]
  const usual = usualOf(others)
  return {
    ...(rootName === undefined ? {} : { rootName }),
    inside: { count: inside.length, compared: slow.length },
    others: { count: others.length, compared: fast.length },
    ofOtherRoots: selected.length - inside.length,
    says: sentenceOf(inside.length, others.length, differences),
    cut: [cutOf('in the region', inside.length), cutOf('outside', others.length)].filter(Boolean).join(' '),
    differences: withExamples(differences, traces, slow),
    ...(slowest === undefined ? {} : { slowest: slowest.traceId }),
    ...(usual === undefined ? {} : { usual: usual.traceId }),
  }
}

function commonestRoot(summaries: readonly TraceSummary[]): string | undefined {
  const groups = [...Map.groupBy(summaries, ({ rootName }) => rootName)]
  return groups.sort(([, a], [, b]) => b.length - a.length)[0]?.[0]
}

/** At most so many, evenly from the first to the last: the newest alone would be from another minute than the others. */
function spread(summaries: readonly TraceSummary[]): TraceSummary[] {
  const byStart = summaries.toSorted((a, b) => a.startMs - b.startMs)
  const step = Math.max(1, byStart.length / mostCompared)
  return Array.from(
    { length: Math.min(byStart.length, mostCompared) },
    (_, i) => byStart[Math.floor(i * step)] as TraceSummary,
  )
}

const tracesIn = (store: Pick<TracesStore, 'get'>, summaries: readonly TraceSummary[]): Trace[] =>
  summaries.map(({ traceId }) => store.get(traceId)).filter((trace) => trace !== undefined)

const bySlowness = (a: TraceSummary, b: TraceSummary): number => b.durationMs - a.durationMs

function sentenceOf(inside: number, others: number, differences: readonly Difference[]): string {
  if (inside === 0) return 'No trace is in this region.'
  if (inside < fewestSlow)
    return `${inside === 1 ? 'One trace makes' : `${inside} traces make`} no pattern: a region needs at least ${fewestSlow}.`
  if (others === 0) return 'All traces of this root are in the region: there are no others to compare them with.'
  if (differences.length === 0)
    return 'Nothing separates the traces in the region from the others: look at time, instance or load.'
  return `${summaryOf(differences)}.`
}

const cutOf = (where: string, count: number): string =>
  count <= mostCompared
    ? ''
    : `Of the ${count.toLocaleString('en')} traces ${where} ${mostCompared} are compared, spread evenly over time.`

/** The slowest trace that shows a difference is the one to open. */
function withExamples(differences: readonly Difference[], traces: readonly Trace[], summaries: TraceSummary[]) {
  const durations = new Map(summaries.map(({ traceId, durationMs }) => [traceId, durationMs]))
  const slowestFirst = traces
    .toSorted((a, b) => (durations.get(b.traceId) ?? 0) - (durations.get(a.traceId) ?? 0))
    .map((trace): [string, Features] => [trace.traceId, featuresOf(trace)])
  return differences.flatMap((difference) => {
    const example = slowestFirst.find(([, features]) => carries(features, difference))
    return example === undefined ? [] : [{ ...difference, example: example[0] }]
  })
}

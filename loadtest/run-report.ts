// One run of a lesson, summed up: as a whole, by part and cohort, over time, as a distribution, and against its limits. Pure.
import { closedPart, type Lesson } from './lessons.ts'
import { inPart, type Judged, judged, nothingLeftOut } from './limits.ts'
import type { Measured } from './outcome.ts'
import { hasLatency, type Report, startLagOf, summarise } from './report.ts'

/** An outcome and the part of the lesson that it belongs to, if to any. */
export type Played = { part?: string; outcome: Measured }

export type RunFacts = {
  run: string
  player: 'k6' | 'node'
  seed: number
  /** Of all that was planned; see `planHash`. */
  planHash: string
  /** Arrivals of the profile that were planned; those of a closed part are not. */
  planned: number
  startedAtMs: number
  /** The run was ended before its plan was. */
  isPartial: boolean
  /** Arrivals that were never sent and have no outcome: k6 counts its dropped iterations, and no more is known of them. */
  dropped?: number
  /** When what somebody shipped was there, on the wall clock. */
  incident?: { armedAtMs: number; resetAtMs?: number }
  /** Sentences about the run that whoever reads its numbers has to know. */
  notes: string[]
}

/** Times in milliseconds, shares 0–1. The same shape for k6 and for Node. */
export type RunReport = RunFacts & {
  lesson: string
  question: string
  whole: Report
  /** From and to when their arrivals were due, in seconds since the first of the run. */
  parts: { name: string; fromSeconds: number; toSeconds: number; report: Report }[]
  cohorts: { key: string; value: string; report: Report }[]
  /** When the first arrival was due, on the wall clock; when the run began, where nobody came. */
  firstDueAtMs: number
  /** One entry for every `overTimeSeconds`, by when the arrivals were due. */
  overTime: { atSeconds: number; report: Report }[]
  /** How many outcomes took up to `upToMs` and longer than the bucket before, in all and by part. */
  distribution: { upToMs: number; count: number; byPart: Record<string, number> }[]
  slowest: { traceId: string; latencyMs: number; dueEpochMs: number; part?: string; cohort: Record<string, string> }[]
  limits: Judged[]
}

export const overTimeSeconds = 5
/** Neighbouring bounds of the distribution differ by this. */
export const bucketRatio = 1.25
const firstBoundMs = 10
const slowestCount = 10

export function runReport(lesson: Lesson, facts: RunFacts, played: readonly Played[]): RunReport {
  const outcomes = played.map(({ outcome }) => outcome)
  const firstDueAtMs = outcomes.reduce((first, { dueEpochMs }) => Math.min(first, dueEpochMs), Number.POSITIVE_INFINITY)
  return {
    ...facts,
    lesson: lesson.id,
    question: lesson.question,
    whole: wholeOf(played),
    parts: partsOf(played, firstDueAtMs),
    cohorts: cohortsOf(outcomes),
    firstDueAtMs: outcomes.length === 0 ? facts.startedAtMs : firstDueAtMs,
    overTime: overTimeOf(outcomes, firstDueAtMs),
    distribution: distributionOf(played),
    slowest: slowestOf(played),
    limits: [nothingLeftOut(facts, played), ...lesson.limits.map((limit) => judged(limit, played))],
  }
}

/** Users who wait are never late, and would only hide how late the others were. */
function wholeOf(played: readonly Played[]): Report {
  const { startLagP99Ms: _, ...whole } = summarise(played.map(({ outcome }) => outcome))
  return {
    ...whole,
    ...startLagOf(played.filter(({ part }) => part !== closedPart).map(({ outcome }) => outcome)),
  }
}

function partsOf(played: readonly Played[], firstDueAtMs: number): RunReport['parts'] {
  const names = new Set(played.flatMap(({ part }) => part ?? []))
  return [...names]
    .map((name) => {
      const outcomes = inPart(played, name)
      const seconds = outcomes.map(({ dueEpochMs }) => (dueEpochMs - firstDueAtMs) / 1000).sort((a, b) => a - b)
      return { name, fromSeconds: seconds[0] ?? 0, toSeconds: seconds.at(-1) ?? 0, report: summarise(outcomes) }
    })
    .sort((a, b) => a.fromSeconds - b.fromSeconds)
}

function cohortsOf(outcomes: readonly Measured[]): RunReport['cohorts'] {
  const groups = Map.groupBy(
    outcomes.flatMap((outcome) =>
      Object.entries(outcome.arrival.persona.cohort).map(([key, value]) => ({ key, value, outcome })),
    ),
    ({ key, value }) => `${key}=${value}`,
  )
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group
      return first
        ? [{ key: first.key, value: first.value, report: summarise(group.map(({ outcome }) => outcome)) }]
        : []
    })
    .sort((a, b) => a.key.localeCompare(b.key) || b.report.count - a.report.count || a.value.localeCompare(b.value))
}

function overTimeOf(outcomes: readonly Measured[], startMs: number): RunReport['overTime'] {
  const slot = ({ dueEpochMs }: Measured) => Math.floor((dueEpochMs - startMs) / (overTimeSeconds * 1000))
  return [...Map.groupBy(outcomes, slot)]
    .sort(([a], [b]) => a - b)
    .map(([index, group]) => ({ atSeconds: index * overTimeSeconds, report: summarise(group) }))
}

function distributionOf(played: readonly Played[]): RunReport['distribution'] {
  const buckets = new Map<number, { upToMs: number; count: number; byPart: Record<string, number> }>()
  for (const { part, outcome } of played.filter(({ outcome }) => hasLatency(outcome))) {
    const index = Math.max(0, Math.ceil(Math.log(outcome.latencyMs / firstBoundMs) / Math.log(bucketRatio)))
    const bucket = buckets.get(index) ?? { upToMs: firstBoundMs * bucketRatio ** index, count: 0, byPart: {} }
    bucket.count++
    if (part !== undefined) bucket.byPart[part] = (bucket.byPart[part] ?? 0) + 1
    buckets.set(index, bucket)
  }
  return [...buckets.values()].sort((a, b) => a.upToMs - b.upToMs)
}

function slowestOf(played: readonly Played[]): RunReport['slowest'] {
  return played
    .filter(({ outcome }) => hasLatency(outcome))
    .flatMap(({ part, outcome }) => {
      const { traceId, isUntraced, latencyMs, dueEpochMs, arrival } = outcome
      if (traceId === undefined || isUntraced) return []
      return [
        { traceId, latencyMs, dueEpochMs, cohort: arrival.persona.cohort, ...(part === undefined ? {} : { part }) },
      ]
    })
    .sort((a, b) => b.latencyMs - a.latencyMs)
    .slice(0, slowestCount)
}

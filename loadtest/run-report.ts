// One run of a lesson, summed up: as a whole, by part and cohort, over time, as a distribution, and against its limits. Pure.
import { slo } from '../services/kit/slo.ts'
import type { Lesson, Limit } from './lessons.ts'
import { noAnswer, type Outcome } from './outcome.ts'
import { hasLatency, type Report, summarise } from './report.ts'

/** An outcome and the part of the lesson that it belongs to, if to any. */
export type Played = { part?: string; outcome: Outcome }

export type RunFacts = {
  run: string
  player: 'k6' | 'node'
  seed: number
  /** Of all that was planned; see `planHash`. */
  planHash: string
  /** Arrivals that were planned. */
  planned: number
  startedAtMs: number
  /** The run was ended before its plan was. */
  isPartial: boolean
}

/** Times in milliseconds, shares 0–1. The same shape for k6 and for Node. */
export type RunReport = RunFacts & {
  lesson: string
  question: string
  whole: Report
  parts: { name: string; report: Report }[]
  cohorts: { key: string; value: string; report: Report }[]
  /** One entry for every `overTimeSeconds`, by when the arrivals were due. */
  overTime: { atSeconds: number; report: Report }[]
  /** How many outcomes took up to `upToMs` and longer than the bucket before, in all and by part. */
  distribution: { upToMs: number; count: number; byPart: Record<string, number> }[]
  slowest: { traceId: string; latencyMs: number; dueEpochMs: number; part?: string; cohort: Record<string, string> }[]
  limits: { says: string; isHeld: boolean }[]
}

export const overTimeSeconds = 5
/** Neighbouring bounds of the distribution differ by this. */
export const bucketRatio = 1.25
const firstBoundMs = 10
const slowestCount = 10

export function runReport(lesson: Lesson, facts: RunFacts, played: readonly Played[]): RunReport {
  const outcomes = played.map(({ outcome }) => outcome)
  return {
    ...facts,
    lesson: lesson.id,
    question: lesson.question,
    whole: summarise(outcomes),
    parts: partNames(played).map((name) => ({ name, report: summarise(inPart(played, name)) })),
    cohorts: cohortsOf(outcomes),
    overTime: overTimeOf(outcomes),
    distribution: distributionOf(played),
    slowest: slowestOf(played),
    limits: [nothingLeftOut(outcomes), ...lesson.limits.map((limit) => judged(limit, played))],
  }
}

/** The sentence that a limit is, and whether these outcomes keep it. Where nobody came, nothing is broken. */
export function judged(limit: Limit, played: readonly Played[]): { says: string; isHeld: boolean } {
  const { part, cohort } = limit
  const concerned = (part === undefined ? played.map(({ outcome }) => outcome) : inPart(played, part)).filter(
    ({ arrival }) => cohort === undefined || arrival.persona.cohort[cohort.key] === cohort.value,
  )
  const whose = cohort === undefined ? 'checkouts' : `checkouts with ${cohort.key} = ${cohort.value}`
  const when = part === undefined ? '' : ` in part "${part}"`
  const { goodShare, count } = summarise(concerned)
  const percent = (value: number) => `${(value * 100).toFixed(1)} %`
  return {
    says: `${percent(slo.objective)} of ${whose}${when} succeed within ${slo.thresholdMs} ms: ${count === 0 ? 'none came' : percent(goodShare)}`,
    isHeld: count === 0 || goodShare >= slo.objective,
  }
}

function nothingLeftOut(outcomes: readonly Outcome[]) {
  const dropped = summarise(outcomes).errors[noAnswer.dropped] ?? 0
  return { says: `nobody is left out: ${dropped} of ${outcomes.length} were`, isHeld: dropped === 0 }
}

function inPart(played: readonly Played[], name: string): Outcome[] {
  return played.filter(({ part }) => part === name).map(({ outcome }) => outcome)
}

function partNames(played: readonly Played[]): string[] {
  return [...new Set(played.flatMap(({ part }) => part ?? []))]
}

function cohortsOf(outcomes: readonly Outcome[]): RunReport['cohorts'] {
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
    .sort((a, b) => a.key.localeCompare(b.key) || b.report.count - a.report.count)
}

function overTimeOf(outcomes: readonly Outcome[]): RunReport['overTime'] {
  const startMs = Math.min(...outcomes.map(({ dueEpochMs }) => dueEpochMs))
  const slot = ({ dueEpochMs }: Outcome) => Math.floor((dueEpochMs - startMs) / (overTimeSeconds * 1000))
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

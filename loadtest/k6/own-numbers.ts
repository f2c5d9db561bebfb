// A run in k6's own numbers: what is printed when there is no workshop to write a report. Pure.
import { slo } from '../../services/kit/slo.ts'
import { count, duration, percent } from '../figures.ts'
import { type Found, findingsOf } from '../findings.ts'
import { closedPart, type Lesson } from '../lessons.ts'
import { type Report, share } from '../report.ts'
import { durationIn, goodIn, measuredParts } from './thresholds.ts'

/** As much of what k6 gives `handleSummary` as is read here. */
export type SummaryData = {
  metrics: Record<string, { values: Record<string, number>; thresholds?: Record<string, { ok: boolean }> } | undefined>
  state: { testRunDurationMs: number }
  setup_data?: unknown
}

export const summaryTrendStats = ['med', 'p(95)', 'p(99)', 'max', 'count']

/** Arrivals that k6 had nobody for. */
export const droppedIn = (data: SummaryData): number => numberOf(data, 'dropped_iterations', 'count')

/** Arrivals of the profile that became something; those of users who wait were never planned. */
export const playedIn = (data: SummaryData): number =>
  goodAndBad(data, 'checkout_good').count - goodAndBad(data, goodIn({ part: closedPart })).count

/** Whether it was ended before its plan was. */
export const isPartialIn = (data: SummaryData, planned: number): boolean => playedIn(data) + droppedIn(data) < planned

export function ownText(lesson: Lesson, data: SummaryData, planned: number): string {
  const { parts, ...found } = foundIn(lesson, data, planned)
  return [
    `${lesson.id}: ${lesson.question}`,
    `k6's own numbers: without a workshop there are no traces, no cohorts and no page.${nothingShipped(lesson)}`,
    '',
    line('', ['checkouts', 'p50', 'p95', 'p99', 'max', 'good']),
    line('all', cells(found.whole)),
    ...parts.map(({ name, report }) => line(name, cells(report))),
    ...findingsOf({ ...found, parts }).flatMap((sentence) => ['', sentence]),
    '',
    mark(droppedIn(data) === 0, `nobody is left out: ${count(droppedIn(data))} of ${count(planned)} were`),
    ...lesson.limits.flatMap((limit) => judged(goodIn(limit), data)),
  ].join('\n')
}

/** As much of a report as k6 itself can say. */
function foundIn(lesson: Lesson, data: SummaryData, planned: number) {
  const reports = measuredParts(lesson).map((name) => ({
    name,
    report: reportIn(data, goodIn({ part: name }), durationIn(name)),
  }))
  return {
    player: 'k6' as const,
    notes: [],
    isPartial: isPartialIn(data, planned),
    dropped: droppedIn(data),
    whole: {
      ...reportIn(data, 'checkout_good', 'checkout_duration'),
      startLagP99Ms: numberOf(data, 'checkout_start_lag', 'p(99)'),
      unprepared: numberOf(data, 'checkout_unprepared', 'count'),
    },
    parts: reports.filter(({ report }) => report.count > 0),
  } satisfies Found
}

type Told = Pick<Report, 'count' | 'goodShare' | 'latencyMs'>

function reportIn(data: SummaryData, good: string, durations: string): Told {
  const at = (name: string) => numberOf(data, durations, name)
  const timed = numberOf(data, durations, 'count') > 0
  return {
    ...goodAndBad(data, good),
    ...(timed ? { latencyMs: { p50: at('med'), p95: at('p(95)'), p99: at('p(99)'), max: at('max') } } : {}),
  }
}

function goodAndBad(data: SummaryData, metric: string) {
  const passes = numberOf(data, metric, 'passes')
  const all = passes + numberOf(data, metric, 'fails')
  return { count: all, goodShare: share(passes, all) }
}

const numberOf = ({ metrics }: SummaryData, metric: string, name: string): number => metrics[metric]?.values[name] ?? 0

function cells({ count: all, latencyMs: ms, goodShare }: Told): string[] {
  return [count(all), ...[ms?.p50, ms?.p95, ms?.p99, ms?.max].map(duration), percent(goodShare)]
}

const line = (name: string, columns: string[]): string =>
  name.padEnd(14) + columns.map((cell) => cell.padStart(10)).join('')

/** Where nobody came nothing is broken. */
function judged(metric: string, data: SummaryData): string[] {
  const { count: all, goodShare } = goodAndBad(data, metric)
  if (all === 0) return []
  return [
    mark(goodShare >= slo.objective, `${metric}: ${percent(goodShare)}, at least ${percent(slo.objective)} wanted`),
  ]
}

const mark = (isHeld: boolean, says: string): string => `${isHeld ? '✓' : '✗'} ${says}`

const nothingShipped = ({ incident }: Lesson): string =>
  incident === undefined ? '' : ' Nor has anything been shipped meanwhile, which this lesson is about.'

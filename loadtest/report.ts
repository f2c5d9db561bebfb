// Outcomes summed up: how fast, how often too slow, what failed, which traces to open. Pure.
import { slo } from '../services/kit/slo.ts'
import { hasFailed, type Measured, noAnswer, succeeded } from './outcome.ts'

export type Report = {
  /** Arrivals, whatever became of them. */
  count: number
  /** Arrivals a second, by when they were due. */
  ratePerSecond: number
  /** Answered with success, however late; a declined card is none. */
  succeeded: number
  /** Over outcomes with a latency: checkouts answered, or given up on after the time limit. Absent when there are none. */
  latencyMs?: { p50: number; p95: number; p99: number; max: number }
  /** Of those with a latency, how many took longer than the SLO allows. */
  slow: number
  slowShare: number
  /** Arrivals that were served within the SLO's time, among all: the SLO itself. */
  goodShare: number
  /** How late requests were sent whose cart was ready; above 5 ms the driver itself is short of time. Absent when there was none. */
  startLagP99Ms?: number
  /** How many were sent late because the shop had not had their cart ready. Absent when there was none. */
  unprepared?: number
  /** Answers without success by code: the shop's own codes, `dropped`, `timeout`, system errors. */
  errors: Record<string, number>
  slowest: { traceId: string; latencyMs: number }[]
}

/** Sums up outcomes; `slowestCount` limits the list of traces. */
export function summarise(outcomes: readonly Measured[], slowestCount = 5): Report {
  const timed = outcomes.filter(hasLatency)
  const latencies = timed.map((outcome) => outcome.latencyMs).sort(ascending)
  const slow = latencies.filter((ms) => ms > slo.thresholdMs).length
  const good = outcomes.filter(isGood)
  return {
    count: outcomes.length,
    ratePerSecond: rateOf(outcomes),
    succeeded: outcomes.filter(succeeded).length,
    ...(latencies.length === 0 ? {} : { latencyMs: percentiles(latencies) }),
    slow,
    slowShare: share(slow, latencies.length),
    goodShare: share(good.length, outcomes.length),
    ...startLagOf(outcomes),
    errors: errorsOf(outcomes),
    slowest: slowestOf(timed, slowestCount),
  }
}

/**
 * Served within the time that the objective gives. As on the dashboards, a declined card is an answer like any other: only what
 * the shop itself could not do is a failure.
 */
export const isGood = (outcome: Pick<Measured, 'status' | 'latencyMs' | 'failedStep'>): boolean =>
  outcome.failedStep === undefined && !hasFailed(outcome) && outcome.latencyMs <= slo.thresholdMs

/** Nearest rank in a list sorted ascending that is not empty; `quantile` is 0–1. */
export function percentile(sorted: readonly number[], quantile: number): number {
  const rank = Math.max(1, Math.ceil(quantile * sorted.length))
  return sorted[rank - 1] ?? Number.NaN
}

/**
 * A refused connection ends in no time, and so does a visit whose cart failed ahead of it; counted as latency they would make a
 * broken shop look fast.
 */
export function hasLatency(outcome: Pick<Measured, 'status' | 'code' | 'failedStep'>): boolean {
  if (outcome.failedStep !== undefined) return false
  return outcome.status > 0 || outcome.code === noAnswer.timeout
}

/** How late the player was itself, and how many were late for want of a cart. */
export function startLagOf(outcomes: readonly Measured[]): Pick<Report, 'startLagP99Ms' | 'unprepared'> {
  const lags = outcomes.filter(hasStartLag).map(({ startLagMs }) => startLagMs)
  const unprepared = outcomes.filter(({ isUnprepared }) => isUnprepared).length
  return {
    ...(lags.length === 0 ? {} : { startLagP99Ms: percentile(lags.sort(ascending), 0.99) }),
    ...(unprepared === 0 ? {} : { unprepared }),
  }
}

/** A request that waited for its cart was late because the shop was slow: that says nothing about the player. */
export const hasStartLag = ({ requestMs, isUnprepared }: Pick<Measured, 'requestMs' | 'isUnprepared'>): boolean =>
  requestMs !== undefined && !isUnprepared

function percentiles(sorted: readonly number[]) {
  const at = (quantile: number) => percentile(sorted, quantile)
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}

function rateOf(outcomes: readonly Measured[]): number {
  const due = outcomes.map((outcome) => outcome.dueEpochMs).sort(ascending)
  const spanMs = (due[due.length - 1] ?? 0) - (due[0] ?? 0)
  return spanMs > 0 ? ((due.length - 1) * 1000) / spanMs : 0
}

function errorsOf(outcomes: readonly Measured[]): Record<string, number> {
  const errors: Record<string, number> = {}
  for (const outcome of outcomes) {
    if (succeeded(outcome)) continue
    const code = outcome.code ?? `http_${outcome.status}`
    errors[code] = (errors[code] ?? 0) + 1
  }
  return errors
}

function slowestOf(outcomes: readonly Measured[], count: number): Report['slowest'] {
  return outcomes
    .flatMap(({ traceId, isUntraced, latencyMs }) =>
      traceId === undefined || isUntraced ? [] : [{ traceId, latencyMs }],
    )
    .sort((a, b) => b.latencyMs - a.latencyMs)
    .slice(0, count)
}

const ascending = (a: number, b: number): number => a - b
export const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)

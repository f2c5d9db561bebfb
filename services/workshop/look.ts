// What there is to see of a stretch of time: its checkouts, slow ones and fast ones to hold beside them, lines and series.
import { setTimeout as sleep } from 'node:timers/promises'
import { InvalidRequest } from '../kit/errors.ts'
import { metrics, serviceNames } from '../kit/telemetry/names.ts'
import type { Sample } from '../lens/evidence.ts'
import type { Window } from '../lens/source.ts'
import { checkoutSpan, durationMs, type Trace } from '../lens/trace.ts'
import { noticeable } from '../lens/why/saturation.ts'
import type { Looked } from '../lens/why/who.ts'
import { longestReportMinutes } from './contract.ts'
import { countInSeries, type Telemetry } from './telemetry.ts'

/** The last minutes, from one moment to another, or the minutes around a checkout; two minutes when nothing is said. */
export type Asked = {
  lastMinutes?: number | undefined
  fromMs?: number | undefined
  toMs?: number | undefined
  traceId?: string | undefined
}

export const usualMinutes = 2
const aroundTraceMs = 60_000
/** Spans of the youngest checkouts are still on their way. */
const settledAfterMs = 3_000
/** Enough to know what is usual; a backend that gives out thirty traces a second takes ten seconds for them. */
const fastTraces = 300
const slowTraces = 500

/** @throws InvalidRequest a sentence when that is no stretch of time; Error when a backend cannot be reached. */
export async function look(telemetry: Telemetry, asked: Asked, onProgress = (_: string) => {}): Promise<Looked> {
  const window = await windowOf(asked, telemetry)
  onProgress('looking for checkouts')
  const { slow, fast } = await telemetry.checkouts(window)
  const ids = [...slow.slice(0, slowTraces), ...evenly(fast, fastTraces)]
  onProgress(`reading ${ids.length} traces`)
  const traces = await telemetry.traces(ids)
  onProgress('reading log lines and metrics')
  const logs = await telemetry.logs({ window })
  const answered = serviceNames.map((service) =>
    telemetry.series(metrics.httpServerDuration, { 'service.name': service }, window),
  )
  const used = Object.keys(noticeable).map((metric) => telemetry.series(metric, {}, window))
  const series = (await Promise.all([...answered, ...used])).flat()
  const counts = await countInSeries(telemetry, window)
  const samples = [...traces.values()].flatMap(sampleOf)
  return { window, samples, traces, logs, series, counted: { total: counts.checkouts, slow: counts.slow } }
}

async function windowOf({ lastMinutes, fromMs, toMs, traceId }: Asked, telemetry: Telemetry): Promise<Window> {
  const nowMs = Date.now()
  if (traceId !== undefined) {
    const trace = await telemetry.trace(traceId)
    const atMs = trace && (checkoutSpan(trace) ?? trace.spans[0])?.startMs
    if (atMs === undefined) throw new InvalidRequest(`There is no trace ${traceId}: it was evicted, or never was.`)
    return { fromMs: atMs - aroundTraceMs, toMs: Math.min(atMs + aroundTraceMs, nowMs) }
  }
  if (fromMs === undefined) {
    if (toMs !== undefined) throw new InvalidRequest('"to" needs a "from".')
    await sleep(settledAfterMs)
    return { fromMs: nowMs - (lastMinutes ?? usualMinutes) * 60_000, toMs: nowMs }
  }
  if (lastMinutes !== undefined) throw new InvalidRequest('Expected "last", or "from" and "to", not both.')
  const endMs = toMs ?? nowMs
  if (endMs <= fromMs) throw new InvalidRequest('"to" is not after "from".')
  if (endMs - fromMs > longestReportMinutes * 60_000)
    throw new InvalidRequest(`Expected at most ${longestReportMinutes} minutes from "from" to "to".`)
  return { fromMs, toMs: endMs }
}

function sampleOf(trace: Trace): Sample[] {
  const span = checkoutSpan(trace)
  if (span === undefined) return []
  const status = Number(span.attributes['http.response.status_code'] ?? 0)
  return [{ traceId: trace.traceId, latencyMs: durationMs(span), status, startMs: span.startMs, cohort: {} }]
}

/** So many of them, from the whole list. */
function evenly<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all]
  return Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)] as T)
}

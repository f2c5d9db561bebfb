// Where the workshop reads telemetry: the built-in viewer, or the backends of the stack.

import { slo } from '../kit/slo.ts'
import { metrics, spans } from '../kit/telemetry/names.ts'
import type { Query } from '../lens/evidence.ts'
import type { Finding } from '../lens/findings.ts'
import type { LogLine, Source, Window } from '../lens/source.ts'
import { lokiSource } from '../lens/sources/loki.ts'
import { prometheusSource } from '../lens/sources/prometheus.ts'
import { stackSource, traceBackends } from '../lens/sources/stack.ts'
import { viewerSource } from '../lens/sources/viewer.ts'
import type { Trace } from '../lens/trace.ts'
import type { BulkSource } from './collect.ts'
import { type CliConfig, stackOf, viewerUrlOf } from './config.ts'
import type { Counts } from './impact-watch.ts'

export type SourceName = CliConfig['SOURCE']

export type Telemetry = BulkSource & {
  /** How sentences speak of it. */
  name: string
  details(id: string): Promise<{ trace: Trace; findings: Finding[]; logs: LogLine[] } | undefined>
  /** The slowest trace of a route that it has; the stack knows the checkouts of the last quarter of an hour. */
  slowest(route: string): Promise<string | undefined>
  /** The slowest checkout of the window that took over the SLO's threshold. */
  slowestOf(window: Window): Promise<string | undefined>
  /** A checkout of the window, if there is any. */
  recent(window: Window): Promise<string | undefined>
  /** Trace ids of a window's checkouts, by whether they took over the SLO's threshold; there is an upper limit to both. */
  checkouts(window: Window): Promise<{ slow: string[]; fast: string[] }>
  /** All checkouts of a window, and the slow ones. */
  count(fromMs: number, untilMs: number): Promise<Counts>
  /** See StackSource. The viewer understands none of the languages. */
  execute(query: Query, window: Window): Promise<number | undefined>
}

type TelemetryConfig = Parameters<typeof stackOf>[0] & Parameters<typeof viewerUrlOf>[0]

export const openTelemetry = (name: SourceName, config: TelemetryConfig): Telemetry =>
  name === 'viewer' ? viewerTelemetry(config) : stackTelemetry(config)

function viewerTelemetry(config: TelemetryConfig): Telemetry {
  const viewer = viewerSource(viewerUrlOf(config))
  return {
    ...viewer,
    name: 'the viewer',
    slowest: async (route) => (await viewer.search({ route, sort: 'slowest', limit: 1 }))[0]?.traceId,
    slowestOf: async (window) =>
      (await viewer.search({ ...slowCheckouts, sort: 'slowest', window, limit: 1 }))[0]?.traceId,
    recent: async (window) => (await viewer.search({ route: spans.checkout, window, limit: 1 }))[0]?.traceId,
    checkouts: async (window) => split(await viewer.search({ route: spans.checkout, window, limit: mostCheckouts })),
    count: (fromMs, untilMs) => countInSeries(viewer, { fromMs, toMs: untilMs }),
    execute: async () => undefined,
  }
}

const slowCheckouts = { route: spans.checkout, minDurationMs: slo.thresholdMs }
const searchedMs = 15 * 60_000

function stackTelemetry(config: TelemetryConfig): Telemetry {
  const { backend, traces, prometheus, loki } = stackOf(config)
  const source = stackSource({
    traces: traceBackends[backend](traces),
    prometheus: prometheusSource(prometheus),
    loki: lokiSource(loki),
  })
  return {
    ...source,
    name: `the stack (${backend} at ${traces.origin})`,
    async slowest(route) {
      if (route !== spans.checkout)
        throw new Error(`The stack is searched for ${spans.checkout} only. Look for others in Grafana, or by trace id.`)
      const window = { fromMs: Date.now() - searchedMs, toMs: Date.now() }
      // Some backends answer a search with whole traces: all checkouts are asked for only where none was slow.
      const [slow] = await source.slowCheckouts({ window })
      return (slow ?? (await source.slowCheckouts({ window, minDurationMs: 1 }))[0])?.traceId
    },
    slowestOf: async (window) =>
      (await source.slowCheckouts({ window, limit: 20 })).toSorted((a, b) => b.durationMs - a.durationMs)[0]?.traceId,
    recent: async (window) => (await source.slowCheckouts({ window, minDurationMs: 1, limit: 5 }))[0]?.traceId,
    checkouts: async (window) => split(await source.slowCheckouts({ window, minDurationMs: 1, limit: mostCheckouts })),
    count: (fromMs, untilMs) => countInSeries(source, { fromMs, toMs: untilMs }),
  }
}

const mostCheckouts = 5_000

function split(found: readonly { traceId: string; durationMs: number }[]): { slow: string[]; fast: string[] } {
  const idsWhere = (isMeant: (durationMs: number) => boolean) =>
    found.filter(({ durationMs }) => isMeant(durationMs)).map(({ traceId }) => traceId)
  return { slow: idsWhere((ms) => ms > slo.thresholdMs), fast: idsWhere((ms) => ms <= slo.thresholdMs) }
}

/** From the histogram, which knows of every checkout, traced or not. */
export async function countInSeries(source: Source, window: Window): Promise<Counts> {
  const points = (await source.series(metrics.checkoutDuration, {}, window)).flatMap((series) => series.points)
  const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0)
  const slow = points.flatMap(({ buckets = [] }) =>
    buckets.filter(({ upTo }) => upTo > slo.thresholdMs / 1000).map(({ count }) => count),
  )
  return { checkouts: sum(points.map(({ count = 0 }) => count)), slow: sum(slow) }
}

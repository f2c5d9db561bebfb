// Hand-made metrics as OTLP/JSON requests: what a process of the shop exports, one interval at a time.
import { metrics } from '../../services/kit/telemetry/names.ts'
import { nanos, pairs } from './otlp.ts'

/** What happened to one instance since its export before. Requests are counted by how long they took, in milliseconds. */
export type Report = {
  service: string
  instance: string
  atMs: number
  requests?: readonly number[]
  failed?: readonly number[]
  checkouts?: readonly number[]
  pool?: { used: number; waiting: number }
  loopDelayMs?: { p99: number; max: number }
  gcMs?: number
}

/** The usual bounds of a duration in seconds. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/** A metrics request with everything that one report tells. */
export function otlpMetrics(report: Report) {
  const { service, instance, atMs, requests = [], failed = [], checkouts = [], pool, loopDelayMs, gcMs } = report
  const durations = (name: string, parts: object[]) => ({
    name,
    unit: 's',
    histogram: { aggregationTemporality: 1, dataPoints: parts },
  })
  const gauge = (name: string, ...values: [number, Record<string, string>][]) => ({
    name,
    gauge: {
      dataPoints: values.map(([value, labels]) => ({
        timeUnixNano: nanos(atMs),
        attributes: pairs(labels),
        asDouble: value,
      })),
    },
  })
  const made = [
    durations(metrics.httpServerDuration, [
      histogram(atMs, requests, { 'http.response.status_code': 200 }),
      histogram(atMs, failed, { 'http.response.status_code': 500 }),
    ]),
    ...(checkouts.length > 0 ? [durations(metrics.checkoutDuration, [histogram(atMs, checkouts, {})])] : []),
    ...(gcMs === undefined
      ? []
      : [durations(metrics.gcDuration, [histogram(atMs, [gcMs], { 'v8js.gc.type': 'minor' })])]),
    ...(pool === undefined
      ? []
      : [
          gauge(
            metrics.poolConnections,
            [pool.used, { 'shop.db.pool': 'shop', 'shop.db.pool.state': 'used' }],
            [3, { 'shop.db.pool': 'shop', 'shop.db.pool.state': 'idle' }],
          ),
          gauge(metrics.poolWaiting, [pool.waiting, { 'shop.db.pool': 'shop' }]),
        ]),
    ...(loopDelayMs === undefined
      ? []
      : [
          gauge(metrics.eventLoopDelayP99, [loopDelayMs.p99 / 1000, {}]),
          gauge(metrics.eventLoopDelayMax, [loopDelayMs.max / 1000, {}]),
        ]),
  ]
  const resource = { attributes: pairs({ 'service.name': service, 'service.instance.id': instance }) }
  return { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: made }] }] }
}

function histogram(atMs: number, tookMs: readonly number[], labels: Record<string, string | number>) {
  const counts = Array<number>(bounds.length + 1).fill(0)
  for (const ms of tookMs) {
    const at = bounds.findIndex((bound) => ms / 1000 <= bound)
    const place = at === -1 ? bounds.length : at
    counts[place] = (counts[place] ?? 0) + 1
  }
  return {
    timeUnixNano: nanos(atMs),
    attributes: pairs(labels),
    count: String(tookMs.length),
    sum: tookMs.reduce((sum, ms) => sum + ms / 1000, 0),
    explicitBounds: bounds,
    bucketCounts: counts.map(String),
  }
}

// A service's own metrics over time, instance by instance: how much it is asked, how long it takes, and what it waits for.
import { slo } from '../../services/kit/slo.ts'
import { attributes, metrics, spans } from '../../services/kit/telemetry/names.ts'
import { bucketQuantile, mergedBuckets } from '../../services/lens/histogram.ts'
import type { Point, Series, Window } from '../../services/lens/source.ts'

/** One value for each step; null where nothing is known. */
export type Values = (number | null)[]
export type Latency = { p50Ms: Values; p95Ms: Values; p99Ms: Values }

/**
 * `atMs` is when each step ended and `sinceMs` when it began. A step without a beginning is none: it stands where the window
 * begins or ends, or where the instance was silent, so that a line breaks there.
 */
export type InstanceMetrics = {
  instance: string
  atMs: number[]
  sinceMs: Values
  requestsPerSecond: Values
  errorsPerSecond: Values
  latency: Latency
  /** Of the one route that has an objective. */
  checkouts?: Latency
  pools: { pool: string; used: Values; waiting: Values }[]
  eventLoopDelay: { p99Ms: Values; maxMs: Values }
  gcMsPerSecond: Values
}

export type ServiceMetrics = { instances: InstanceMetrics[]; checkouts?: { route: string; sloMs: number } }

export const metricsShown: readonly string[] = [
  metrics.httpServerDuration,
  metrics.checkoutDuration,
  metrics.poolConnections,
  metrics.poolWaiting,
  metrics.eventLoopDelayP99,
  metrics.eventLoopDelayMax,
  metrics.gcDuration,
]

const stepMs = 5_000
/**
 * Two and a half of OpenTelemetry's usual export intervals: after such a silence nobody knows how the time before it was. Series
 * are needed from so long before the window.
 */
export const silentMs = 150_000

/** `series` are those of one service, of `metricsShown`, from `silentMs` before the window on. */
export function serviceMetricsOf(series: readonly Series[], window: Window): ServiceMetrics {
  const groups = Map.groupBy(series, ({ labels }) => labels[attributes.instance] ?? labels['service.name'] ?? 'unknown')
  const instances = [...groups]
    .map(([instance, own]) => instanceMetricsOf(instance, own, window))
    .filter(({ sinceMs }) => sinceMs.some((since) => since !== null))
    .sort((a, b) => a.instance.localeCompare(b.instance, 'en', { numeric: true }))
  const hasCheckouts = instances.some(({ checkouts }) => checkouts !== undefined)
  return { instances, ...(hasCheckouts ? { checkouts: { route: spans.checkout, sloMs: slo.thresholdMs } } : {}) }
}

export type Moment = Window & { instance: string; p99Ms: number }

/** The steps with the longest p99 of all instances, longest first. */
export function slowestMoments(instances: readonly InstanceMetrics[], most: number): Moment[] {
  return instances
    .flatMap(({ instance, atMs, sinceMs, latency }) =>
      atMs.flatMap((toMs, i) => {
        const [fromMs, p99Ms] = [sinceMs[i] ?? null, latency.p99Ms[i] ?? null]
        return fromMs === null || p99Ms === null ? [] : [{ instance, fromMs, toMs, p99Ms }]
      }),
    )
    .sort((a, b) => b.p99Ms - a.p99Ms)
    .slice(0, most)
}

function instanceMetricsOf(instance: string, series: readonly Series[], window: Window): InstanceMetrics {
  const steps = stepsOf(
    series.flatMap(({ points }) => points.map(({ atMs }) => atMs)),
    window,
  )
  const pointsIn = pointsByStep(steps)
  const of = (metric: string, isWanted = (_: Series['labels']) => true) =>
    pointsIn(series.filter((one) => one.metric === metric && isWanted(one.labels)))
  const requests = of(metrics.httpServerDuration)
  const checkouts = of(metrics.checkoutDuration)
  const pools = new Set(
    series.map(({ labels }) => labels[attributes.pool]).filter((pool): pool is string => pool !== undefined),
  )
  const perSecond = (points: Point[][], amount: (point: Point) => number): Values =>
    steps.map(({ sinceMs, atMs }, i) =>
      // Two exports may come at once: then nothing can be said of the moment between them.
      sinceMs === null ? null : rounded(sumOf(points[i] ?? [], amount) / (Math.max(500, atMs - sinceMs) / 1000)),
    )
  const count = ({ count = 0 }: Point) => count
  return {
    instance,
    atMs: steps.map(({ atMs }) => atMs),
    sinceMs: steps.map(({ sinceMs }) => sinceMs),
    requestsPerSecond: perSecond(requests, count),
    errorsPerSecond: perSecond(of(metrics.httpServerDuration, isServerError), count),
    latency: latencyOf(requests),
    ...(checkouts.some((points) => points.length > 0) ? { checkouts: latencyOf(checkouts) } : {}),
    pools: [...pools].sort().map((pool) => ({
      pool,
      used: highest(of(metrics.poolConnections, isOf({ [attributes.pool]: pool, [attributes.poolState]: 'used' }))),
      waiting: highest(of(metrics.poolWaiting, isOf({ [attributes.pool]: pool }))),
    })),
    eventLoopDelay: {
      p99Ms: highest(of(metrics.eventLoopDelayP99), 1000),
      maxMs: highest(of(metrics.eventLoopDelayMax), 1000),
    },
    gcMsPerSecond: perSecond(of(metrics.gcDuration), ({ sum = 0 }) => sum * 1000),
  }
}

type Step = { sinceMs: number | null; atMs: number }

/**
 * What was exported within the same five seconds is one step, which tells of all the time since the step before: however
 * often a process exports, and whenever, no rate is too high or too low. The first export of all only says when the second began.
 */
function stepsOf(times: readonly number[], { fromMs, toMs }: Window): Step[] {
  const [first, ...exports] = [...new Set(times)].sort((a, b) => a - b)
  const cells = Map.groupBy(exports, cellOf)
  const steps: Step[] = [{ sinceMs: null, atMs: fromMs }]
  let beforeMs = first ?? fromMs
  for (const own of cells.values()) {
    const atMs = own.at(-1) as number
    if (atMs > fromMs && atMs < toMs) {
      const wasSilent = atMs - beforeMs > silentMs
      if (wasSilent && beforeMs >= fromMs) steps.push({ sinceMs: null, atMs: beforeMs + 1 })
      steps.push({ sinceMs: wasSilent ? null : beforeMs, atMs })
    }
    beforeMs = atMs
  }
  return [...steps, { sinceMs: null, atMs: toMs }]
}

const cellOf = (ms: number): number => Math.floor(ms / stepMs)

/** For some series the points of each step. */
function pointsByStep(steps: readonly Step[]): (series: readonly Series[]) => Point[][] {
  const places = new Map(steps.flatMap(({ sinceMs, atMs }, i) => (sinceMs === null ? [] : [[cellOf(atMs), i]])))
  return (series) => {
    const found: Point[][] = steps.map(() => [])
    for (const point of series.flatMap(({ points }) => points)) {
      const place = places.get(cellOf(point.atMs))
      if (place !== undefined && point.atMs > (steps[place]?.sinceMs ?? 0)) found[place]?.push(point)
    }
    return found
  }
}

const isServerError = (labels: Series['labels']): boolean => Number(labels['http.response.status_code']) >= 500

const isOf = (wanted: Series['labels']) => (labels: Series['labels']) =>
  Object.entries(wanted).every(([key, value]) => labels[key] === value)

function latencyOf(steps: readonly Point[][]): Latency {
  const histograms = steps.map((points) => mergedBuckets(points.flatMap(({ buckets = [] }) => buckets)))
  const quantiles = (probability: number): Values =>
    histograms.map((buckets) => (buckets.length === 0 ? null : rounded(bucketQuantile(buckets, probability) * 1000)))
  return { p50Ms: quantiles(0.5), p95Ms: quantiles(0.95), p99Ms: quantiles(0.99) }
}

/** The highest value of each step: what lasted for a moment only is what people look for. */
const highest = (steps: readonly Point[][], scale = 1): Values =>
  steps.map((points) => (points.length === 0 ? null : rounded(Math.max(...points.map(({ value }) => value)) * scale)))

const sumOf = (points: readonly Point[], amount: (point: Point) => number): number =>
  points.reduce((sum, point) => sum + amount(point), 0)

/** More digits than anybody reads would be most of the answer. */
const rounded = (value: number): number => Number(value.toPrecision(4))

// Metric series in bounded memory: every point tells of its own interval, whatever temporality it was sent with.
import type { Labels, Series } from '../../services/lens/source.ts'
import { bytesOfPoint, bytesPerSeries } from './bytes.ts'
import { type Before, intervalOf, type StoredPoint } from './intervals.ts'
import type { Exemplar, MetricKind, Sample } from './read-metrics.ts'
import { isMatch, isWithin, type MetricInfo, metricsOf, type SeriesQuery, seriesOf } from './series-view.ts'

export type SeriesStore = {
  add(sample: Sample): void
  find(query: SeriesQuery): Series[]
  exemplars(query: SeriesQuery): (Exemplar & { labels: Labels })[]
  metrics(): MetricInfo[]
  /** Every series with all that is kept of it. */
  all(): Iterable<StoredSeries>
  stats(): { series: number; points: number; bytes: number; evicted: number }
  clear(): void
}

export type SeriesLimits = { maxBytes: number; maxPointsPerSeries?: number; startedAtMs: number }

/** A series as it is kept: each point tells of the time since the one before. */
export type StoredSeries = {
  metric: string
  unit: string
  kind: MetricKind
  labels: Labels
  bounds: readonly number[]
  points: StoredPoint[]
  exemplars: Exemplar[]
}

type Stored = StoredSeries & { reportKey: string; before?: Before; bytes: number }

const maxExemplarsPerSeries = 500

/** Whoever has not spoken for so long is gone: a process that ended, or a value that does not come any more. */
const silentMs = 60_000
/** How much of the time that the store knows is forgotten at once when it is full. */
const forgottenShare = 0.1

/**
 * Full series lose their oldest points. When the whole store is full, the series that was silent for longest goes; when all of
 * them still speak, all of them lose what is oldest.
 */
export function createSeriesStore({ maxBytes, maxPointsPerSeries = 720, startedAtMs }: SeriesLimits): SeriesStore {
  /** By metric and labels, the one that spoke last at the end. */
  const all = new Map<string, Stored>()
  /** When each metric of each process was first reported. */
  const firstReports = new Map<string, number>()
  /** Metrics of processes of which a series was evicted: were it to come back, it would not count from zero. */
  const forgotten = new Set<string>()
  let bytes = 0
  let evicted = 0

  function add(sample: Sample): void {
    const key = keyOf(sample)
    const stored = all.get(key) ?? emptySeries(sample)
    all.delete(key)
    all.set(key, stored)
    if (stored.bytes === 0) grow(stored, bytesPerSeries + key.length)
    const point = intervalOf(sample, stored.before, isFromZero(sample))
    if (stored.before === undefined || sample.atMs > stored.before.atMs) stored.before = sample
    if (point !== undefined) keep(stored, point, sample)
    while (bytes > maxBytes) makeRoom(sample.atMs)
  }

  /**
   * A series that is new counts from zero when its process started after the viewer, or has reported the metric before
   * without it. Otherwise its first value is the sum of a past that the viewer has not seen.
   */
  function isFromZero(sample: Sample): boolean {
    const key = reportKey(sample)
    if (forgotten.has(key)) return false
    const firstAtMs = firstReports.get(key) ?? sample.atMs
    if (firstReports.size >= 20_000) firstReports.clear()
    firstReports.set(key, firstAtMs)
    return sample.startMs >= startedAtMs || firstAtMs < sample.atMs
  }

  function keep(stored: Stored, point: StoredPoint, sample: Sample): void {
    stored.bounds = sample.bounds ?? stored.bounds
    stored.points.push(point)
    grow(stored, sizeOf(point))
    if (stored.points.length > maxPointsPerSeries) grow(stored, -sizeOf(stored.points.shift() ?? point))
    if (sample.exemplars.length > 0)
      stored.exemplars = [...stored.exemplars, ...sample.exemplars].slice(-maxExemplarsPerSeries)
  }

  function makeRoom(nowMs: number): void {
    const [first] = all
    if (first === undefined) return
    const [key, { before, points }] = first
    const isSilent = (before?.atMs ?? points.at(-1)?.atMs ?? 0) < nowMs - silentMs
    if (isSilent) {
      evict(key)
      return
    }
    const oldestMs = Math.min(...all.values().flatMap((stored) => stored.points.slice(0, 1).map(({ atMs }) => atMs)))
    if (oldestMs === Number.POSITIVE_INFINITY) evict(key)
    // A sender whose clock is behind is no reason to forget nothing.
    else forgetUntil(oldestMs + Math.max(0, nowMs - oldestMs) * forgottenShare)
  }

  function evict(key: string): void {
    const stored = all.get(key)
    if (stored === undefined) return
    all.delete(key)
    bytes -= stored.bytes
    evicted += 1
    if (forgotten.size >= 20_000) forgotten.clear()
    forgotten.add(stored.reportKey)
  }

  function forgetUntil(ms: number): void {
    for (const stored of all.values()) {
      const kept = stored.points.findIndex(({ atMs }) => atMs > ms)
      const gone = stored.points.splice(0, kept === -1 ? stored.points.length : kept)
      grow(stored, -gone.reduce((sum, point) => sum + sizeOf(point), 0))
    }
  }

  function grow(stored: Stored, by: number): void {
    stored.bytes += by
    bytes += by
  }

  const matching = (query: SeriesQuery) => all.values().filter((stored) => isMatch(stored, query))

  return {
    add,
    find: (query) =>
      matching(query)
        .map((stored) => seriesOf(stored, query))
        .filter((series) => series.points.length > 0)
        .toArray(),
    exemplars: (query) =>
      matching(query)
        .flatMap((stored) => stored.exemplars.map((exemplar) => ({ ...exemplar, labels: stored.labels })))
        .filter(({ atMs }) => isWithin(atMs, query))
        .toArray(),
    metrics: () => metricsOf(all.values()),
    all: () => all.values(),
    stats: () => ({
      series: all.size,
      points: all.values().reduce((sum, stored) => sum + stored.points.length, 0),
      bytes,
      evicted,
    }),
    /** Forgets the points, not where each counter stands: the next interval must not hold the whole past. */
    clear() {
      for (const stored of all.values()) {
        grow(stored, -stored.points.reduce((sum, point) => sum + sizeOf(point), 0))
        stored.points = []
        stored.exemplars = []
      }
    },
  }
}

const sizeOf = (point: StoredPoint): number => bytesOfPoint(point.counts?.length ?? 0)

function keyOf({ metric, labels }: Sample): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([metric, pairs])
}

const reportKey = ({ instance, metric }: Sample): string => `${instance} ${metric}`

const emptySeries = (sample: Sample): Stored => ({
  metric: sample.metric,
  unit: sample.unit,
  kind: sample.kind,
  labels: sample.labels,
  bounds: sample.bounds ?? [],
  reportKey: reportKey(sample),
  points: [],
  exemplars: [],
  bytes: 0,
})

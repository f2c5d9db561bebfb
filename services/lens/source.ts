// Where traces, logs and metrics are read from: one interface for the built-in viewer and for real backends.
import type { Attributes, Trace } from './trace.ts'

/** A span of time, in epoch milliseconds; the end is exclusive. */
export type Window = { fromMs: number; toMs: number }

/** One log line. `traceId` and `spanId` are there when the line was written inside a request. */
export type LogLine = {
  atMs: number
  service: string
  /** Lower-case text: trace, debug, info, warn, error, fatal. */
  severity: string
  body: string
  traceId?: string
  spanId?: string
  attributes: Attributes
}

/** One time series. For a histogram each point also has `count`, `sum` and `buckets` of its own interval, `value` is then the mean. */
export type Series = { metric: string; labels: Record<string, string>; points: Point[] }
export type Point = { atMs: number; value: number; count?: number; sum?: number; buckets?: Bucket[] }
/** `count` observations were at most `upTo` (and above the bucket before); the last one is `Infinity`. */
export type Bucket = { upTo: number; count: number }

/** Labels to match exactly. Resource attributes (`service.name`, `service.instance.id`) count as labels too. */
export type Labels = Record<string, string>

/** Reads the three pillars from one place. Each call throws a sentence when the backend cannot be reached. */
export interface Source {
  trace(id: string): Promise<Trace | undefined>
  logs(query: { traceId?: string; service?: string; window: Window }): Promise<LogLine[]>
  series(metric: string, labels: Labels, window: Window): Promise<Series[]>
}

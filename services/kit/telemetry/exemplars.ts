// Exemplars: which trace a measured value came from. The metrics SDK has none (opentelemetry-js#5147), so values wait here,
// bounded, until exemplar-export.ts sends them with the data point they were counted in.
import { type Attributes, context, type Histogram, TraceFlags, trace } from '@opentelemetry/api'
import type { MetricName } from './names.ts'

/** A value, when it was measured, and the span it was measured in. */
export type Exemplar = { atMs: number; value: number; traceId: string; spanId: string }

/** Waiting exemplars by series, that is by metric and attributes. */
export type Exemplars = {
  offer(metric: string, attributes: Attributes, exemplar: Exemplar): void
  /** Removes what a series has waiting, in the order that Prometheus accepts: by time, within a millisecond by value. */
  take(metric: string, attributes: Attributes): Exemplar[]
  /** After an export that failed: what was taken waits for the next one, as far as there is room. */
  putBack(metric: string, attributes: Attributes, exemplars: readonly Exemplar[]): void
}

type Limits = { mostPerSeries?: number; mostSeries?: number }

/** Room for 100 requests a second over 5 s. Beyond it the smallest values go first: nobody looks for the fast ones. */
export function createExemplars({ mostPerSeries = 500, mostSeries = 50 }: Limits = {}): Exemplars {
  const waiting = new Map<string, Exemplar[]>()

  function add(key: string, exemplars: readonly Exemplar[]): void {
    const list = waiting.get(key) ?? []
    if (list.length === 0 && waiting.size >= mostSeries) return
    waiting.set(key, list)
    list.push(...exemplars)
    while (list.length > mostPerSeries) list.splice(smallestOf(list), 1)
  }

  return {
    offer: (metric, attributes, exemplar) => add(keyOf(metric, attributes), [exemplar]),
    take(metric, attributes) {
      const key = keyOf(metric, attributes)
      const taken = waiting.get(key) ?? []
      waiting.delete(key)
      return taken.sort((a, b) => a.atMs - b.atMs || a.value - b.value)
    },
    putBack: (metric, attributes, exemplars) => add(keyOf(metric, attributes), exemplars),
  }
}

/** One for the process, as OpenTelemetry's own providers are: services record, register.ts exports, neither knows the other. */
export const exemplars = createExemplars()

/** The histogram, which from now on remembers the span of what it records: that of the context given, else the active one. */
export function withExemplars(histogram: Histogram, metric: MetricName, store: Exemplars = exemplars): Histogram {
  return {
    record(value, attributes = {}, within = context.active()) {
      histogram.record(value, attributes, within)
      const span = trace.getSpanContext(within)
      // An exemplar that leads to no stored trace is worse than none.
      if (span === undefined || (span.traceFlags & TraceFlags.SAMPLED) === 0) return
      const { traceId, spanId } = span
      store.offer(metric, attributes, { atMs: Date.now(), value, traceId, spanId })
    },
  }
}

const keyOf = (metric: string, attributes: Attributes): string =>
  JSON.stringify([metric, Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))])

const smallestOf = (list: readonly Exemplar[]): number =>
  list.reduce((smallest, { value }, i) => (value < (list[smallest] as Exemplar).value ? i : smallest), 0)

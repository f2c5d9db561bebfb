// Everything the viewer keeps, without HTTP: the three stores, their shares of the memory, and what has been received.
import type { Signal } from './decode.ts'
import { createLogsStore, type LogsStore } from './logs-store.ts'
import { createOnce } from './once.ts'
import { readLogs } from './read-logs.ts'
import { readSamples } from './read-metrics.ts'
import type { Read } from './read-request.ts'
import { readSpans } from './read-traces.ts'
import { createSeriesStore, type SeriesStore } from './series-store.ts'
import { createTracesStore, type TracesStore } from './traces-store.ts'

export type Received = { requests: number; accepted: number; rejected: number }
export type Outcome = { rejected: number; why: string }

export type Store = {
  traces: TracesStore
  logs: LogsStore
  series: SeriesStore
  received: Record<Signal, Received>
  startedAtMs: number
  maxBytes: number
  /** Takes a decoded OTLP request in. @throws DecodeError when its shape is wrong; then nothing of it was stored */
  receive(signal: Signal, request: unknown): Outcome
  services(): ServiceInfo[]
  clear(): void
}

export type ServiceInfo = { name: string; instances: string[]; lastSeenMs: number }

/** Shares of the memory. Traces are what people look for; a log line costs little; series are few and long. */
const shares = { traces: 0.6, logs: 0.25, series: 0.15 }

export function createStore({ maxBytes, startedAtMs = Date.now() }: { maxBytes: number; startedAtMs?: number }): Store {
  const traces = createTracesStore({ maxBytes: maxBytes * shares.traces })
  const logs = createLogsStore({ maxBytes: maxBytes * shares.logs })
  const series = createSeriesStore({ maxBytes: maxBytes * shares.series, startedAtMs })
  const received = { traces: nothing(), metrics: nothing(), logs: nothing() }
  const seen = createServices()
  const once = createOnce()

  const take: Record<Signal, (request: unknown) => Outcome & { accepted: number }> = {
    traces: (request) =>
      takeAll(readSpans(request, once), (span) => {
        seen.note(span.service, span.instance, span.endMs)
        return traces.add(span)
          ? ''
          : `Trace ${span.traceId} already has as many spans as the viewer keeps of one trace`
      }),
    logs: (request) =>
      takeAll(readLogs(request, once), (line) => {
        seen.note(line.service, undefined, line.atMs)
        logs.add(line)
        return ''
      }),
    metrics: (request) =>
      takeAll(readSamples(request, once), (sample) => {
        series.add(sample)
        return ''
      }),
  }

  return {
    traces,
    logs,
    series,
    received,
    startedAtMs,
    maxBytes,
    receive(signal, request) {
      const { accepted, ...outcome } = take[signal](request)
      received[signal].requests += 1
      received[signal].accepted += accepted
      received[signal].rejected += outcome.rejected
      return outcome
    },
    services: seen.list,
    clear() {
      for (const pillar of [traces, logs, series]) pillar.clear()
      seen.clear()
    },
  }
}

const nothing = (): Received => ({ requests: 0, accepted: 0, rejected: 0 })

/** Stores what was read. `store` answers with an empty string, or with the reason for refusing the item. */
function takeAll<T>(read: Read<T>, store: (item: T) => string): Outcome & { accepted: number } {
  let { rejected, why } = read
  for (const item of read.items) {
    const refusal = store(item)
    if (refusal === '') continue
    rejected += 1
    why ||= refusal
  }
  return { accepted: read.items.length + read.rejected - rejected, rejected, why }
}

function createServices() {
  const known = new Map<string, { instances: Set<string>; lastSeenMs: number }>()
  return {
    note(name: string, instance: string | undefined, atMs: number): void {
      const info = known.get(name) ?? { instances: new Set<string>(), lastSeenMs: 0 }
      if (known.size < 500) known.set(name, info)
      if (instance !== undefined && info.instances.size < 100) info.instances.add(instance)
      info.lastSeenMs = Math.max(info.lastSeenMs, atMs)
    },
    list: (): ServiceInfo[] =>
      [...known]
        .map(([name, { instances, lastSeenMs }]) => ({ name, instances: [...instances].sort(), lastSeenMs }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    clear: () => known.clear(),
  }
}

// Traces in bounded memory: spans merged by trace id in whatever order they come, fast traces forgotten before slow ones.
import { slo } from '../../services/kit/slo.ts'
import type { TraceSummary } from '../../services/lens/sources/viewer.ts'
import type { Span, Trace } from '../../services/lens/trace.ts'
import { bytesOfSpan } from './bytes.ts'
import { createRollingP99 } from './rolling-p99.ts'
import { summaryOf } from './summary.ts'

export type TracesStore = {
  /** False when the trace has as many spans as one trace may have. */
  add(span: Span): boolean
  get(traceId: string): Trace | undefined
  summaries(): TraceSummary[]
  /** Since when every trace is kept (epoch ms); of earlier ones those that were reserved are left, and few others. */
  keptSinceMs(): number
  stats(): { traces: number; reserved: number; spans: number; bytes: number; evicted: number }
  clear(): void
}

export type TracesLimits = { maxBytes: number; maxTraces?: number; maxSpansPerTrace?: number; reservedShare?: number }

type Entry = { traceId: string; spans: Map<string, Span>; bytes: number; isReserved: boolean; summary?: TraceSummary }

/**
 * Evicts oldest first. A trace with an error, or whose root took longer than the SLO or than the rolling p99 of its name,
 * is *reserved*: it goes only when no other is left, or when the reserved ones take more than `reservedShare`. Without
 * that share a long incident would leave no room to see how a normal request looks.
 */
export function createTracesStore(limits: TracesLimits): TracesStore {
  const { maxBytes, maxTraces = 20_000, maxSpansPerTrace = 10_000, reservedShare = 0.6 } = limits
  const ordinary = new Map<string, Entry>()
  const reserved = new Map<string, Entry>()
  const p99 = createRollingP99()
  let bytes = 0
  let reservedBytes = 0
  let spans = 0
  let evicted = 0

  function add(span: Span): boolean {
    const entry = entryFor(span.traceId)
    const earlier = entry.spans.get(span.spanId)
    if (earlier === undefined && entry.spans.size >= maxSpansPerTrace) return false
    // Exporters repeat a batch whose answer got lost: the same span again replaces itself.
    entry.spans.set(span.spanId, span)
    spans += earlier === undefined ? 1 : 0
    grow(entry, bytesOfSpan(span) - (earlier === undefined ? 0 : bytesOfSpan(earlier)))
    delete entry.summary
    if (isWorthKeeping(span, earlier === undefined)) reserve(entry)
    while (bytes > maxBytes || ordinary.size + reserved.size > maxTraces) evict()
    return true
  }

  function entryFor(traceId: string): Entry {
    const known = ordinary.get(traceId) ?? reserved.get(traceId)
    if (known !== undefined) return known
    const entry: Entry = { traceId, spans: new Map(), bytes: 0, isReserved: false }
    ordinary.set(traceId, entry)
    grow(entry, bytesPerTrace)
    return entry
  }

  function isWorthKeeping(span: Span, isNew: boolean): boolean {
    if (span.status === 'error') return true
    if (span.parentSpanId !== undefined) return false
    const tookMs = span.endMs - span.startMs
    const usualMs = isNew ? p99.observe(span.name, tookMs) : Number.POSITIVE_INFINITY
    return tookMs > Math.min(slo.thresholdMs, usualMs)
  }

  function reserve(entry: Entry): void {
    if (entry.isReserved) return
    entry.isReserved = true
    ordinary.delete(entry.traceId)
    reserved.set(entry.traceId, entry)
    reservedBytes += entry.bytes
  }

  function evict(): void {
    const isReserveFull = reservedBytes > maxBytes * reservedShare || reserved.size > maxTraces * reservedShare
    const from = isReserveFull || ordinary.size === 0 ? reserved : ordinary
    for (const entry of from.values()) {
      from.delete(entry.traceId)
      spans -= entry.spans.size
      grow(entry, -entry.bytes)
      evicted += 1
      return
    }
  }

  function grow(entry: Entry, by: number): void {
    entry.bytes += by
    bytes += by
    if (entry.isReserved) reservedBytes += by
  }

  function clear(): void {
    ordinary.clear()
    reserved.clear()
    bytes = reservedBytes = spans = 0
  }

  return {
    add,
    get(traceId) {
      const entry = ordinary.get(traceId) ?? reserved.get(traceId)
      return entry && traceOf(entry)
    },
    keptSinceMs() {
      const [oldest] = ordinary.values()
      return evicted === 0 || oldest === undefined ? Number.NEGATIVE_INFINITY : summarised(oldest).startMs
    },
    summaries: () => [...ordinary.values(), ...reserved.values()].map(summarised),
    stats: () => ({ traces: ordinary.size + reserved.size, reserved: reserved.size, spans, bytes, evicted }),
    clear,
  }
}

/** Two map entries and the entry object itself. */
const bytesPerTrace = 400

const traceOf = (entry: Entry): Trace => ({
  traceId: entry.traceId,
  spans: [...entry.spans.values()].sort((a, b) => a.startMs - b.startMs),
})

/** Made when somebody looks, kept until another span arrives. */
function summarised(entry: Entry): TraceSummary {
  entry.summary ??= summaryOf(traceOf(entry))
  return entry.summary
}

// After a window: waits until its telemetry has arrived, and puts together what was observed.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Needs, Observed, Sample } from '../lens/evidence.ts'
import type { LogLine, Series, Source, Window } from '../lens/source.ts'
import { orphansOf, rootOf, type Trace } from '../lens/trace.ts'

/** A source that can be asked for many traces at once. */
export type BulkSource = Source & { traces(ids: readonly string[]): Promise<Map<string, Trace>> }

/** How long to wait for the next complete trace: some backends answer at once, others thirty traces a second. */
export type Patience = { withinMs?: number; everyMs?: number }

/**
 * Everything about a window. Logs and metrics take as long as traces to arrive, so they are asked for after these; what is
 * not there in time stays away and is counted. `lagMs` is how long all of that took.
 */
export async function collect(
  source: BulkSource,
  { window, samples, needs }: { window: Window; samples: Sample[]; needs: Required<Needs> },
  patience: Patience = {},
): Promise<Observed & { tracesMissing: number; lagMs: number }> {
  const startedAt = Date.now()
  const ids = samples.flatMap(({ traceId, isUntraced }) => (isUntraced ? [] : (traceId ?? [])))
  const { traces, missing } = await completeTraces(source, ids, patience)
  const logs = await logsFor(source, needs, window)
  const series = await seriesFor(source, needs, window)
  return { window, samples, traces, logs, series, tracesMissing: missing, lagMs: Date.now() - startedAt }
}

/** Waits on for as long as traces become complete. */
async function completeTraces(
  source: BulkSource,
  ids: readonly string[],
  { withinMs = 15_000, everyMs = 1_000 }: Patience,
): Promise<{ traces: Map<string, Trace>; missing: number }> {
  const traces = new Map<string, Trace>()
  const open = new Set(ids)
  let deadline = Date.now() + withinMs
  for (;;) {
    await sleep(everyMs)
    const found = await source.traces([...open])
    for (const [id, trace] of found) {
      if (isSettled(trace, traces.get(id)) && open.delete(id)) deadline = Date.now() + withinMs
      traces.set(id, slim(trace))
    }
    if (open.size === 0 || Date.now() >= deadline) return { traces, missing: open.size }
  }
}

/** Within this time every process has reported its spans, and the Collector has passed them on. */
const reportedMs = 12_000

/** Its root is there, no parent is missing, and nothing was added since the last look, or it is too old for that. */
function isSettled(trace: Trace, before: Trace | undefined): boolean {
  const root = rootOf(trace)
  if (root?.parentSpanId !== undefined || orphansOf(trace).length > 0) return false
  return before?.spans.length === trace.spans.length || endOf(trace) < Date.now() - reportedMs
}

const endOf = (trace: Trace): number => Math.max(...trace.spans.map(({ endMs }) => endMs))

/** Resource attributes are the same in every span of a process and no evidence reads them: three windows fit in memory. */
const slim = (trace: Trace): Trace => ({ ...trace, spans: trace.spans.map((span) => ({ ...span, resource: {} })) })

/** Lines about the end of a window come a little after it. */
const lateMs = 2_000

async function logsFor(source: Source, { logs }: Required<Needs>, { fromMs, toMs }: Window): Promise<LogLine[]> {
  const window = { fromMs, toMs: toMs + lateMs }
  // Whoever needs all lines gets those of every service with them; twice the same line would count twice.
  const wanted = logs.some(({ service }) => service === undefined) ? [{}] : logs
  return (await Promise.all(wanted.map((need) => source.logs({ ...need, window })))).flat()
}

async function seriesFor(source: Source, { series }: Required<Needs>, window: Window): Promise<Series[]> {
  return (await Promise.all(series.map(({ metric, labels }) => source.series(metric, labels, window)))).flat()
}

// Telemetry that is known beforehand, as the workshop reads it from the viewer or the stack.
import { isSlow } from '../../services/lens/evidence/population.ts'
import type { Looked } from '../../services/lens/why/who.ts'
import type { Telemetry } from '../../services/workshop/telemetry.ts'

const nothing: Looked = { window: { fromMs: 0, toMs: 1 }, samples: [], traces: new Map(), logs: [], series: [] }

/** Answers every question about checkouts with those that were looked at, whatever the time. */
export function telemetryOf({ samples, traces, logs, series }: Looked = nothing): Telemetry {
  const idsOf = (which: typeof samples) => which.flatMap(({ traceId }) => traceId ?? [])
  return {
    name: 'a stand-in',
    trace: async (id) => traces.get(id),
    traces: async (ids) => new Map([...traces].filter(([id]) => ids.includes(id))),
    logs: async () => logs,
    series: async (metric) => series.filter((one) => one.metric === metric),
    details: async (id) => {
      const trace = traces.get(id)
      return trace && { trace, findings: [], logs: logs.filter(({ traceId }) => traceId === id) }
    },
    slowest: async () => undefined,
    slowestOf: async () => samples.toSorted((a, b) => b.latencyMs - a.latencyMs)[0]?.traceId,
    recent: async () => undefined,
    checkouts: async () => ({
      slow: idsOf(samples.filter(isSlow)),
      fast: idsOf(samples.filter((sample) => !isSlow(sample))),
    }),
    count: async () => ({ checkouts: samples.length, slow: samples.filter(isSlow).length }),
    execute: async () => undefined,
  }
}

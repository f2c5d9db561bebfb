// The real pipeline as one source: traces from whichever backend stores them, metrics from Prometheus, lines from Loki.

import type { Query } from '../evidence/types.ts'
import { type Finding, findings } from '../findings.ts'
import type { LogLine, Source, Window } from '../source.ts'
import type { Trace } from '../trace.ts'
import { jaegerSource } from './jaeger.ts'
import type { LokiSource } from './loki.ts'
import type { PrometheusSource } from './prometheus.ts'
import { tempoSource } from './tempo.ts'
import type { TraceSource } from './trace-source.ts'
import { zipkinSource } from './zipkin.ts'

export type StackSource = Source &
  TraceSource & {
    /** A trace with its findings and log lines; undefined when the backend does not have it. */
    details(id: string): Promise<{ trace: Trace; findings: Finding[]; logs: LogLine[] } | undefined>
    /**
     * Runs a pasted query on the backend that it is written for; how many traces, series or lines it answered with. Undefined
     * when the stack has no such backend. @throws Error a sentence when the backend refuses it
     */
    execute(query: Query, window: Window): Promise<number | undefined>
  }

export const traceBackends = { tempo: tempoSource, jaeger: jaegerSource, zipkin: zipkinSource } as const
export type TraceBackend = keyof typeof traceBackends

/** Lines about a trace may be written a little before and after its spans: Postgres's are. */
const aroundMs = 30_000

export function stackSource(parts: {
  traces: TraceSource
  prometheus: PrometheusSource
  loki: LokiSource
}): StackSource {
  const { traces, prometheus, loki } = parts
  return {
    ...traces,
    logs: loki.logs,
    async execute({ language, text }, window) {
      if (language === 'PromQL') return prometheus.query(text, window)
      if (language === 'LogQL') return loki.query(text, window)
      return language === 'TraceQL' ? traces.query?.(text, window) : undefined
    },
    series: prometheus.series,
    async details(id) {
      const trace = await traces.trace(id)
      if (trace === undefined) return undefined
      const fromMs = Math.min(...trace.spans.map(({ startMs }) => startMs)) - aroundMs
      const toMs = Math.max(...trace.spans.map(({ endMs }) => endMs)) + aroundMs
      return { trace, findings: findings(trace), logs: await loki.logs({ traceId: id, window: { fromMs, toMs } }) }
    },
  }
}

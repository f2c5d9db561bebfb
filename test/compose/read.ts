// What the backends of a stack are asked by tests.
import { answersTo, type Backends, json, type Question, type Window } from '../../grafana/ask.ts'
import { traceBackends } from '../../services/lens/sources/stack.ts'
import type { TraceSource } from '../../services/lens/sources/trace-source.ts'
import type { Stack } from './docker.ts'

export type Sample = { labels: Record<string, string>; value: number }
export type LogEntry = { service: string; line: string; labels: Record<string, string> }

/** An instant query. */
export async function promql(stack: Stack, query: string): Promise<Sample[]> {
  const answer = (await json(`${stack.url('PROMETHEUS_PORT')}/api/v1/query?${new URLSearchParams({ query })}`)) as {
    data: { result: { metric: Record<string, string>; value: [number, string] }[] }
  }
  return answer.data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
}

/** Trace ids of a metric's exemplars, with the value each was measured at. */
export async function exemplars(stack: Stack, query: string, fromMs: number, toMs: number) {
  const range = { start: String(fromMs / 1000), end: String(toMs / 1000) }
  const path = `/api/v1/query_exemplars?${new URLSearchParams({ query, ...range })}`
  const answer = (await json(stack.url('PROMETHEUS_PORT') + path)) as {
    data: { exemplars: { labels: Record<string, string>; value: string }[] }[]
  }
  return answer.data.flatMap(({ exemplars }) =>
    exemplars.map(({ labels, value }) => ({ traceId: labels.trace_id ?? '', value: Number(value) })),
  )
}

/** Log lines of the last ten minutes, or since `fromMs`. */
export async function logql(stack: Stack, query: string, fromMs = Date.now() - 600_000): Promise<LogEntry[]> {
  const range = { start: String(fromMs * 1e6), end: String((Date.now() + 60_000) * 1e6), limit: '50000' }
  const path = `/loki/api/v1/query_range?${new URLSearchParams({ query, ...range })}`
  const answer = (await json(stack.url('LOKI_PORT') + path)) as {
    data: { result: { stream: Record<string, string>; values: [string, string][] }[] }
  }
  return answer.data.result.flatMap(({ stream, values }) =>
    values.map(([, line]) => ({ service: stream.service_name ?? '', line, labels: stream })),
  )
}

/** Where dashboards find their data in a stack. */
export const backendsOf = ({ backend, url }: Stack): Backends => ({
  prometheus: new URL(url('PROMETHEUS_PORT')),
  loki: new URL(url('LOKI_PORT')),
  ...(backend === 'tempo' ? { tempo: new URL(url('TEMPO_PORT')) } : {}),
})

/** A serviceMap query has no text: what Grafana asks then is the service graph, which its own test knows. TraceQL needs Tempo. */
export const canBeAsked =
  ({ backend }: Stack) =>
  ({ source, filled }: Question): boolean =>
    filled !== '' && (source !== 'tempo' || backend === 'tempo')

/** The last two minutes. */
export const lately = (): Window => ({ fromMs: Date.now() - 120_000, toMs: Date.now() })

/** The largest value that answers a query lately; 0 where nothing does. */
export async function peakOf(stack: Stack, question: Question): Promise<number> {
  const answers = await answersTo(question, backendsOf(stack), lately())
  return Math.max(0, ...answers.flatMap(({ values }) => values))
}

/** Where the backend for traces is published. */
export const tracesPort = { tempo: 'TEMPO_PORT', jaeger: 'JAEGER_PORT', zipkin: 'ZIPKIN_PORT' } as const

export const traceSource = ({ backend, url }: Stack): TraceSource =>
  traceBackends[backend](new URL(url(tracesPort[backend])))

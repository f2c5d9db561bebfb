// Metrics from Prometheus: every sample that was pushed in a window, with its own time, and the exemplars.
import { z } from 'zod'
import { type MetricName, metrics } from '../../kit/telemetry/names.ts'
import { instrumentOf, prometheusName, selector, underscored } from '../../kit/telemetry/prometheus-names.ts'
import type { Labels, Series, Window } from '../source.ts'
import { dotted } from './attribute-names.ts'
import { type Cumulative, intervalsOf } from './prometheus-intervals.ts'
import { requestJson } from './request-json.ts'
import { inStack } from './trace-source.ts'

/** A value that one trace is an example of, with the labels of the series it was counted in. */
export type SeriesExemplar = { atMs: number; value: number; traceId: string; spanId?: string; labels: Labels }

export type PrometheusSource = {
  series(metric: string, labels: Labels, window: Window): Promise<Series[]>
  /** The exemplars of a histogram, oldest first. */
  exemplars(metric: string, window: Window, labels?: Labels): Promise<SeriesExemplar[]>
  /** Runs a query over a window; how many series it answered with. @throws Error a sentence when Prometheus refuses it */
  query(text: string, window: Window): Promise<number>
}

/** Counters are told by their difference: what was before the window has to be known. Longer than any export interval. */
const beforeMs = 60_000

const Matrix = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.number(), z.string()])),
      }),
    ),
  }),
})
const Exemplars = z.object({
  data: z.array(
    z.object({
      seriesLabels: z.record(z.string(), z.string()),
      exemplars: z.array(
        z.object({ labels: z.record(z.string(), z.string()), value: z.string(), timestamp: z.number() }),
      ),
    }),
  ),
})
const Answered = z.object({ data: z.object({ result: z.array(z.unknown()) }) })

/** Prometheus at `baseUrl` (`http://prometheus:9090`). Each call throws a sentence when it cannot be reached. */
export function prometheusSource(baseUrl: URL): PrometheusSource {
  async function ask<T>(path: string, query: Record<string, string>, shape: z.ZodType<T>): Promise<T> {
    const url = new URL(`${path}?${new URLSearchParams(query)}`, baseUrl)
    const answer = await requestJson(url, shape, {}, inStack('Prometheus'))
    if (answer !== undefined) return answer
    throw new Error(`${url.href} does not exist; is something else on that port?`)
  }

  return {
    async series(metric, labels, { fromMs, toMs }) {
      const { name, kind } = inPrometheus(metric)
      const names = kind === 'histogram' ? `${name}_(bucket|sum|count)` : name
      // A range is open at its start and closed at its end, a window the other way round.
      const range = `[${Math.ceil(toMs - fromMs + beforeMs)}ms]`
      const matchers = selector(labels).slice(1, -1)
      const query = `{__name__=~"${names}"${matchers && `, ${matchers}`}}${range}`
      const { data } = await ask('/api/v1/query', { query, time: seconds(toMs) }, Matrix)
      const samples = data.result.map(
        ({ metric: { __name__ = '', le, ...rest }, values }): Cumulative => ({
          part: __name__.slice(name.length + 1) || 'value',
          ...(le === undefined ? {} : { upTo: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le) }),
          labels: labelsOf(rest),
          values: values.map(([at, value]) => ({ atMs: Math.round(at * 1000), value: Number(value) })),
        }),
      )
      return intervalsOf(metric, kind, samples, { fromMs, toMs })
    },

    async exemplars(metric, { fromMs, toMs }, labels = {}) {
      const query = `${inPrometheus(metric).name}_bucket${selector(labels)}`
      const wanted = { query, start: seconds(fromMs), end: seconds(toMs) }
      const { data } = await ask('/api/v1/query_exemplars', wanted, Exemplars)
      return data
        .flatMap(({ seriesLabels, exemplars }) =>
          exemplars.map(({ labels: ids, value, timestamp }) => ({
            ...{ atMs: Math.round(timestamp * 1000), value: Number(value), traceId: ids.trace_id ?? '' },
            ...(ids.span_id === undefined ? {} : { spanId: ids.span_id }),
            labels: labelsOf(seriesLabels),
          })),
        )
        .filter(({ traceId }) => traceId !== '')
        .sort((a, b) => a.atMs - b.atMs)
    },

    async query(text, { fromMs, toMs }) {
      const wanted = { query: text, start: seconds(fromMs), end: seconds(toMs), step: '1s' }
      return (await ask('/api/v1/query_range', wanted, Answered)).data.result.length
    },
  }
}

/** Metrics that the lab does not name itself are taken for gauges without a unit. */
function inPrometheus(metric: string): { name: string; kind: 'histogram' | 'counter' | 'gauge' } {
  const isKnown = (name: string): name is MetricName => Object.values<string>(metrics).includes(name)
  if (!isKnown(metric)) return { name: underscored(metric), kind: 'gauge' }
  return { name: prometheusName(metric), kind: instrumentOf(metric).kind }
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3)

/** Labels by their own names; what Prometheus adds to every series says nothing new. */
const labelsOf = ({ __name__, job, instance, le, ...labels }: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).map(([key, value]) => [dotted(key), value]))

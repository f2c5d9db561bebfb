// Asks the backends what a dashboard would ask them, once for every value of its variables, without a Grafana in between.
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { type Asked, askedBy, labelValuesOf, textOf } from './asked.ts'
import { filled, timeValues, valuesOf, variablesOf } from './filled.ts'
import { sources } from './sources.ts'

/** Where the backends answer. TraceQL can be asked only where Tempo is. */
export type Backends = { prometheus: URL; loki: URL; tempo?: URL }
export type Window = { fromMs: number; toMs: number }

/** A query as it is sent, with the values that were filled in. */
export type Question = Asked & { filled: string; values: Record<string, string> }

/** What a series says over time; of lines and traces, one series of how many there are. */
export type Answer = { labels: Record<string, string>; values: number[] }

/** As the data source is provisioned; a window of some minutes asks for no more. */
const usualStepSeconds = 5

const secondsOf = ({ fromMs, toMs }: Window) => Math.max(1, Math.round((toMs - fromMs) / 1000))

/** Every query of a dashboard, for each combination of its variables' values. */
export async function questionsOf(dashboard: Dashboard, backends: Backends, window: Window): Promise<Question[]> {
  let combinations: Record<string, string>[] = [{}]
  for (const variable of variablesOf(dashboard)) {
    const extended = combinations.map(async (values) => {
      const found =
        variable.type === 'query' ? await labelValues(filled(textOf(variable.query), values), backends, window) : []
      return valuesOf(variable, found).map((value) => ({ ...values, [variable.name]: value }))
    })
    combinations = (await Promise.all(extended)).flat()
  }
  const questions = askedBy(dashboard).flatMap((asked) => {
    const time = timeValues(secondsOf(window), asked.stepSeconds ?? usualStepSeconds)
    return combinations.map((values) => ({ ...asked, values, filled: filled(asked.query, { ...time, ...values }) }))
  })
  return [...new Map(questions.map((question) => [`${question.place}\n${question.filled}`, question])).values()]
}

/** What answers; empty where a panel would be. A series of nothing but NaN is none. */
export async function answersTo(question: Question, backends: Backends, window: Window): Promise<Answer[]> {
  const { source, place, filled: query } = question
  if (place.startsWith('variable ')) return counted((await labelValues(query, backends, window)).length)
  if (source === sources.logs.uid) return counted(await lines(query, backends, window))
  if (source === sources.traces.uid) return counted(await traces(query, backends, window))
  return series(question, backends, window)
}

const counted = (count: number): Answer[] => (count === 0 ? [] : [{ labels: {}, values: [count] }])

/** What a variable offers: `label_values(metric, label)`. */
export async function labelValues(
  query: string,
  { prometheus }: Backends,
  { fromMs, toMs }: Window,
): Promise<string[]> {
  const { metric = '', label = '' } = labelValuesOf(query) ?? {}
  const range = { start: String(fromMs / 1000), end: String(toMs / 1000) }
  return (await get(prometheus, `/api/v1/label/${label}/values`, { 'match[]': metric, ...range })) as string[]
}

type Series = { metric: Record<string, string>; value?: [number, string]; values?: [number, string][] }

async function series(question: Question, { prometheus }: Backends, { fromMs, toMs }: Window) {
  const { filled: query, isInstant, stepSeconds = usualStepSeconds } = question
  const range = { start: String(fromMs / 1000), end: String(toMs / 1000), step: String(stepSeconds) }
  const { result } = (await (isInstant
    ? get(prometheus, '/api/v1/query', { query, time: range.end })
    : get(prometheus, '/api/v1/query_range', { query, ...range }))) as { result: Series[] }
  return result
    .map(({ metric, value, values = value === undefined ? [] : [value] }) => ({
      labels: metric,
      values: values.map(([, text]) => Number(text)).filter((number) => !Number.isNaN(number)),
    }))
    .filter(({ values }) => values.length > 0)
}

async function lines(query: string, { loki }: Backends, { fromMs, toMs }: Window): Promise<number> {
  const range = { start: String(fromMs * 1e6), end: String(toMs * 1e6), limit: '5000' }
  const { result } = (await get(loki, '/loki/api/v1/query_range', { query, ...range })) as {
    result: { values: unknown[] }[]
  }
  return result.reduce((sum, { values }) => sum + values.length, 0)
}

async function traces(query: string, { tempo }: Backends, { fromMs, toMs }: Window): Promise<number> {
  if (tempo === undefined) throw new Error(`There is no Tempo to ask: ${query}`)
  const range = { start: String(Math.floor(fromMs / 1000)), end: String(Math.ceil(toMs / 1000)), limit: '200' }
  const url = new URL(`/api/search?${new URLSearchParams({ q: query, ...range })}`, tempo)
  return ((await json(url)) as { traces?: unknown[] }).traces?.length ?? 0
}

const get = async (base: URL, path: string, query: Record<string, string>): Promise<unknown> =>
  ((await json(new URL(`${path}?${new URLSearchParams(query)}`, base))) as { data: unknown }).data

/** @throws Error with what the backend said. */
export async function json(url: URL | string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(20_000) })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${(await response.text()).slice(0, 300)}`)
  return response.json()
}

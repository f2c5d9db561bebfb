// Every jump, made for a real value: a dot to its trace, a line to its trace and to the one it waits for, a span to its lines
// and metrics, a point or a row to the page about it, and each link to Explore.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { beforeAll, expect, inject, test } from 'vitest'
import { parse } from 'yaml'
import { answersTo, labelValues, questionsOf } from '../../grafana/ask.ts'
import { panelsOf, textOf } from '../../grafana/asked.ts'
import { addressesBehind } from '../../grafana/clicks.ts'
import { dashboards } from '../../grafana/dashboards.ts'
import { filled, timeValues, variablesOf } from '../../grafana/filled.ts'
import { exploredBy, linksOf, pageOf } from '../../grafana/links.ts'
import { metricsIn } from '../../grafana/promql.ts'
import { attributes } from '../../services/kit/telemetry/names.ts'
import { underscored } from '../../services/kit/telemetry/prometheus-names.ts'
import { eventually } from '../helpers/eventually.ts'
import { cartOf, createClient } from '../helpers/shop.ts'
import { type Stack, stackWith } from './docker.ts'
import { backendsOf, canBeAsked, exemplars, lately, logql, promql, traceSource } from './read.ts'
import { holdStock } from './traffic.ts'

type Provisioned = {
  uid: string
  jsonData: {
    exemplarTraceIdDestinations?: { name: string; datasourceUid: string }[]
    derivedFields?: { name: string; matcherRegex: string; datasourceUid: string }[]
    tracesToLogsV2?: { query: string }
    tracesToMetrics?: { tags: { key: string; value: string }[]; queries: { name: string; query: string }[] }
  }
}
const file = resolve(import.meta.dirname, '../../grafana/provisioning/datasources/datasources.yaml')
// As Grafana reads it: `$$` is how the file writes `$`.
const provisioned = parse(readFileSync(file, 'utf8').replaceAll('$$', '$')) as { datasources: Provisioned[] }
const source = (uid: string) => provisioned.datasources.find((each) => each.uid === uid)?.jsonData ?? {}

let stack: Stack
beforeAll(async () => {
  stack = await stackWith(inject('backend'))
})

const isStored = (traceId: string) =>
  eventually(`trace ${traceId} is stored`, async () =>
    expect((await traceSource(stack).trace(traceId))?.spans.length).toBeGreaterThan(0),
  )

type Target = { expr?: string; exemplar?: boolean }
/** The metrics of all curves and heat maps that ask for dots. */
const withDots = [
  ...new Set(
    dashboards
      .flatMap(panelsOf)
      .flatMap(({ targets = [] }) => targets as Target[])
      .flatMap(({ expr = '', exemplar }) => (exemplar === true ? metricsIn(expr) : [])),
  ),
]

test.for(withDots)('a dot of %s opens its trace', { timeout: 60_000 }, async (metric) => {
  const [destination] = source('prometheus').exemplarTraceIdDestinations ?? []
  expect(destination).toMatchObject({ name: 'trace_id', datasourceUid: 'tempo' })
  const dots = await eventually(`there are exemplars of ${metric}`, async () => {
    const found = await exemplars(stack, metric, Date.now() - 60_000, Date.now())
    expect(found.length).toBeGreaterThan(0)
    return found
  })
  await isStored(dots.at(-1)?.traceId ?? '')
})

test('a line opens its trace, and a line about a wait the one that is waited for', { timeout: 120_000 }, async () => {
  const shop = createClient(stack.url('API_PORT'))
  const carts = await Promise.all([1, 2].map(() => shop.addCart(cartOf('ceramic-tray'), 'u003')))
  const holder = await shop.checkout([{ sku: 'felt-lamp', quantity: 1 }], { userId: 'u003' })
  const { letGo } = await holdStock(stack, 'ceramic-tray', 3, {
    traceparent: holder.headers.get('traceresponse') ?? '',
  })
  const answers = await Promise.all(carts.map((cart) => shop.placeOrder(cart, { userId: 'u003' })))
  await letGo
  const waited = answers.map(({ headers }) => headers.get('traceresponse')?.split('-')[1] ?? '')

  const fields = source('loki').derivedFields ?? []
  expect(fields.length).toBeGreaterThanOrEqual(2)
  for (const { name, matcherRegex } of fields) {
    const label = { Trace: 'trace_id', 'Waits for': underscored(attributes.blockedByTraceId) }[name] ?? ''
    expect(new RegExp(matcherRegex).test(label), name).toBe(true)
    const of = `{service_name=~".+"} | trace_id=~"${waited.join('|')}" | ${label}!=""`
    const line = await eventually(
      `there is a line for ${name}`,
      async () => {
        const [found] = await logql(stack, of)
        expect(found).toBeDefined()
        return found
      },
      { withinMs: 20_000, everyMs: 500 },
    )
    await isStored(line?.labels[label] ?? '')
  }
})

test('a span opens the lines of its trace, and the metrics of its service', async () => {
  const { tracesToLogsV2, tracesToMetrics } = source('tempo')
  const shop = createClient(stack.url('API_PORT'))
  const { headers } = await shop.checkout([{ sku: 'felt-lamp', quantity: 1 }], { userId: 'u003' })
  const traceId = headers.get('traceresponse')?.split('-')[1] ?? ''
  const lines = tracesToLogsV2?.query.replace(`$\{__trace.traceId}`, traceId) ?? ''
  await eventually('the trace has lines', async () => expect((await logql(stack, lines)).length).toBeGreaterThan(3))
  const [tag] = tracesToMetrics?.tags ?? []
  expect(tag).toEqual({ key: 'service.name', value: 'service_name' })
  for (const service of ['api', 'inventory', 'payment', 'pricing'])
    for (const { name, query } of tracesToMetrics?.queries ?? [])
      await eventually(`${name} of ${service}`, async () =>
        expect((await promql(stack, query.replaceAll('$__tags', `service_name="${service}"`))).length).toBeGreaterThan(
          0,
        ),
      )
})

test('every point and every row opens a page that exists, about what was clicked', { timeout: 180_000 }, async () => {
  const clicks = await everyClick()
  const pages = [...new Set(clicks)].flatMap((url) => pageOf(url) ?? [])
  expect(pages.length).toBeGreaterThan(20)
  const wrong: string[] = []
  for (const { uid, variables } of pages) {
    const target = dashboards.find((each) => each.uid === uid)
    if (target === undefined) wrong.push(`/d/${uid}: there is no such page`)
    for (const [name, value] of Object.entries(variables)) {
      const values = target === undefined ? [] : await choicesOf(target, name, variables)
      if (!values.includes(value)) wrong.push(`/d/${uid}: its ${name} can be ${values.join(', ')}, and not ${value}`)
    }
  }
  expect([...new Set(wrong)]).toEqual([])
})

test('every link to Explore asks something that its backend understands', { timeout: 180_000 }, async () => {
  const asked = [...new Set(await everyClick())].flatMap((url) => exploredBy(url) ?? [])
  expect(asked.length).toBeGreaterThan(10)
  for (const { datasource, queries } of asked) {
    if (datasource === 'tempo' && stack.backend !== 'tempo') continue
    for (const { expr, query } of queries) {
      const text = filled(expr ?? query ?? '', timeValues(120, 5))
      if (text === '') continue
      expect(text).not.toMatch(/\$\w|\$\{/)
      const explore = { dashboard: '', place: 'Explore', source: datasource, query: text, legend: '', isInstant: true }
      await answersTo({ ...explore, filled: text, values: {} }, backendsOf(stack), lately())
    }
  }
})

/** Addresses behind all links of all pages: those of points and rows for everything that answers now. */
async function everyClick(): Promise<string[]> {
  const clicks: string[] = []
  for (const dashboard of dashboards) {
    const questions = (await questionsOf(dashboard, backendsOf(stack), lately())).filter(canBeAsked(stack))
    for (const link of linksOf(dashboard)) {
      const own = questions.filter(({ place }) => place === link.panel?.title)
      const needsValue = /\$\{__(field|data|value)\b/.test(link.url)
      for (const question of own)
        clicks.push(
          ...(needsValue
            ? addressesBehind(link, question, await answersTo(question, backendsOf(stack), lately()))
            : [filled(link.url, question.values)]),
        )
      if (own.length === 0 && !needsValue) clicks.push(filled(link.url, questions[0]?.values ?? {}))
    }
  }
  return clicks
}

/** What somebody may choose for a variable of a page, the others being as they are. */
async function choicesOf(dashboard: Dashboard, name: string, values: Record<string, string>): Promise<string[]> {
  const variable = variablesOf(dashboard).find((each) => each.name === name)
  const all = variable?.includeAll === true ? [variable.allValue ?? '.*'] : []
  if (variable?.type !== 'query') return [...all, ...(variable?.options ?? []).map(({ value }) => String(value))]
  return [...all, ...(await labelValues(filled(textOf(variable.query), values), backendsOf(stack), lately()))]
}

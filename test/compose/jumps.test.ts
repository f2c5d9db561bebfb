// Every jump, made for a real value: a dot to its trace, a line to its trace and to the one it waits for, a span to its lines
// and metrics, a point or a row to the page about it, and each link to Explore.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { beforeAll, expect, inject, test } from 'vitest'
import { parse } from 'yaml'
import { answersTo, questionsOf } from '../../grafana/ask.ts'
import { dashboards } from '../../grafana/dashboards.ts'
import { filled, timeValues, variablesOf } from '../../grafana/filled.ts'
import { exploredBy, linksOf, pageOf } from '../../grafana/links.ts'
import { attributes, metrics } from '../../services/kit/telemetry/names.ts'
import { prometheusName, underscored } from '../../services/kit/telemetry/prometheus-names.ts'
import { eventually } from '../helpers/eventually.ts'
import { cartOf, createClient } from '../helpers/shop.ts'
import { type Stack, stackWith } from './docker.ts'
import { backendsOf, exemplars, lately, logql, promql, traceSource } from './read.ts'
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

test('a dot in a latency panel opens its trace', async () => {
  const [destination] = source('prometheus').exemplarTraceIdDestinations ?? []
  expect(destination).toMatchObject({ name: 'trace_id', datasourceUid: 'tempo' })
  const name = `${prometheusName(metrics.checkoutDuration)}_bucket`
  const dots = await eventually('there are exemplars', async () => {
    const found = await exemplars(stack, name, Date.now() - 60_000, Date.now())
    expect(found.length).toBeGreaterThan(0)
    return found
  })
  await isStored(dots.at(-1)?.traceId ?? '')
})

test('a line opens its trace, and a line about a wait the one that is waited for', { timeout: 120_000 }, async () => {
  const shop = createClient(stack.url('API_PORT'))
  const carts = await Promise.all([1, 2].map(() => shop.addCart(cartOf('ceramic-tray'), 'u003')))
  const { letGo } = await holdStock(stack, 'ceramic-tray', 2)
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
        expect((await promql(stack, query.replace('$__tags', `service_name="${service}"`))).length).toBeGreaterThan(0),
      )
})

test('a point or a row opens a page about what it shows', { timeout: 120_000 }, async () => {
  for (const dashboard of dashboards) {
    const questions = await questionsOf(dashboard, backendsOf(stack), lately())
    for (const { panel, url } of linksOf(dashboard)) {
      const names = [...url.matchAll(/\$\{__(?:field\.labels|data\.fields)\.(\w+)\}/g)].map(
        ([, name]) => name as string,
      )
      if (names.length === 0) continue
      const page = pageOf(url)
      const where = `${dashboard.uid}, ${panel?.title}: ${url}`
      expect(page, where).toBeDefined()
      const asked = questions.filter(({ place, source: uid }) => place === panel?.title && uid === 'prometheus')
      await eventually(`${where} has values`, async () => {
        const answers = asked.map((question) => answersTo(question, backendsOf(stack), lately()))
        const labels = (await Promise.all(answers)).flat().map((answer) => answer.labels)
        for (const name of names)
          expect(
            labels.some((each) => each[name]),
            name,
          ).toBe(true)
      })
    }
  }
})

test('what a link to Explore asks is answered, or is no mistake of ours', { timeout: 120_000 }, async () => {
  for (const dashboard of dashboards) {
    const values = Object.fromEntries(
      variablesOf(dashboard).map(({ name, current }) => [name, String(current?.value ?? '.*')]),
    )
    for (const { url } of linksOf(dashboard)) {
      const explored = exploredBy(url)
      if (explored === undefined || (explored.datasource === 'tempo' && stack.backend !== 'tempo')) continue
      for (const { expr, query } of explored.queries) {
        const asked = filled(expr ?? query ?? '', { ...timeValues(120, 5), ...values })
        if (asked === '') continue
        // Throws when the backend refuses it.
        const explore = { dashboard: '', place: 'Explore', source: explored.datasource, query: asked, isInstant: true }
        await answersTo({ ...explore, filled: asked, values: {} }, backendsOf(stack), lately())
      }
    }
  }
})

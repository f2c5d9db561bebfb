// One trace id joins everything: traces, log lines of services and of Postgres, exemplars, and the graph of who calls whom.
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { slo } from '../../services/kit/slo.ts'
import { metrics } from '../../services/kit/telemetry/names.ts'
import { prometheusName } from '../../services/kit/telemetry/prometheus-names.ts'
import { checkoutSpan, durationMs, type Trace } from '../../services/lens/trace.ts'
import { completeTrace } from '../helpers/complete-trace.ts'
import { eventually } from '../helpers/eventually.ts'
import { cartOf, createClient } from '../helpers/shop.ts'
import { type Stack, stackWith } from './docker.ts'
import { exemplars, logql, promql, traceSource } from './read.ts'
import { checkoutsFor, holdStock, tracesOf } from './traffic.ts'

let stack: Stack
beforeAll(async () => {
  stack = await stackWith(inject('backend'))
})

test('100 checkouts are 100 complete traces, and every line written in one is found by its id', {
  timeout: 180_000,
}, async () => {
  const since = new Date().toISOString()
  const ids = tracesOf(await checkoutsFor(stack, 10, 21))
  expect(ids.length).toBeGreaterThanOrEqual(97)
  const source = traceSource(stack)
  for (const id of ids) await completeTrace(source, id)

  const written = await linesByTrace(since)
  for (const id of ids) {
    const expected = written.get(id) ?? []
    expect(expected.length).toBeGreaterThan(3)
    await eventually(`${expected.length} lines of ${id} are in Loki`, async () => {
      const found = (await logql(stack, `{service_name=~".+"} | trace_id="${id}"`)).map(({ line }) => line)
      expect(found).toEqual(expect.arrayContaining(expected))
    })
  }
})

/** What the services wrote to their standard output, by trace id. */
async function linesByTrace(since: string): Promise<Map<string, string[]>> {
  const services = ['api', 'inventory', 'payment-1', 'payment-2', 'pricing']
  const text = await stack.must('logs', '--no-color', '--no-log-prefix', `--since=${since}`, ...services)
  const lines = new Map<string, string[]>()
  for (const line of text.split('\n').filter((line) => line.startsWith('{'))) {
    const { trace_id: id, msg } = JSON.parse(line) as { trace_id?: string; msg?: string }
    if (id !== undefined && msg !== undefined) lines.set(id, [...(lines.get(id) ?? []), msg])
  }
  return lines
}

test('20 checkouts that wait for a row for 300 ms and more each have a line of Postgres', {
  timeout: 120_000,
}, async () => {
  const shop = createClient(stack.url('API_PORT'))
  const carts = await Promise.all(Array.from({ length: 20 }, () => shop.addCart(cartOf('ceramic-tray'), 'u003')))
  const { letGo } = await holdStock(stack, 'ceramic-tray', 3)
  const answers = await Promise.all(carts.map((cart) => shop.placeOrder(cart, { userId: 'u003' })))
  await letGo

  const ids = answers.map(({ headers }) => headers.get('traceresponse')?.split('-')[1] ?? '')
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 201))
  for (const id of ids)
    await eventually(
      `Postgres says that ${id} waited`,
      async () => {
        const lines = await logql(stack, `{service_name="postgres"} | trace_id="${id}" |~ "still waiting for|acquired"`)
        expect(lines.length).toBeGreaterThan(0)
      },
      { withinMs: 20_000, everyMs: 250 },
    )
})

test('98 of 100 slow checkouts are reached through an exemplar that opens a stored trace', {
  timeout: 300_000,
}, async () => {
  onTestFinished(async () => void (await stack.slow('fault', 'reset')))
  const armed = await stack.slow(
    'fault',
    'set',
    'reservation-locking',
    'across-pricing',
    '--where',
    'shop.cart_size=bulk',
  )
  expect(armed.code, armed.stderr).toBe(0)
  // In parts, because a backend that keeps traces in memory keeps the newest ones.
  const parts: Reached[] = []
  for (const seed of [22, 23, 24, 25]) parts.push(await slowOnesReached(35, seed))
  const sum = (count: (part: (typeof parts)[number]) => number) => parts.reduce((total, part) => total + count(part), 0)
  const [checkouts, slow, reached] = [sum((p) => p.checkouts), sum((p) => p.slow), sum((p) => p.reached)]
  console.log(`${checkouts} checkouts, ${slow} slow, ${reached} of them reached through exemplars`)
  expect(checkouts).toBe(1_400)
  expect(slow).toBeGreaterThan(20)
  expect(reached / slow).toBeGreaterThanOrEqual(0.98)
})

type Reached = { checkouts: number; slow: number; reached: number }

/** Plays so many seconds, and counts the slow checkouts and those that an exemplar leads to. All of them must be stored. */
async function slowOnesReached(seconds: number, seed: number): Promise<Reached> {
  const fromMs = Date.now()
  const outcomes = await checkoutsFor(stack, seconds, seed)
  const untilMs = Date.now()
  const candidates = tracesOf(outcomes.filter(({ requestMs = 0 }) => requestMs > slo.thresholdMs))
  const stored = await eventually(
    'every slow checkout is stored',
    async () => {
      const found = await traceSource(stack).traces(candidates)
      expect(candidates.filter((id) => durationIn(found.get(id)) === undefined)).toEqual([])
      return [...found.values()]
    },
    { withinMs: 30_000, everyMs: 1_000 },
  )
  const slow = stored.filter((trace) => (durationIn(trace) ?? 0) > slo.thresholdMs)
  // As many as are there once the metrics of the last seconds must have come.
  await sleep(Math.max(0, untilMs + 8_000 - Date.now()))
  const name = `${prometheusName(metrics.checkoutDuration)}_bucket`
  const reached = new Set((await exemplars(stack, name, fromMs - 5_000, Date.now())).map(({ traceId }) => traceId))
  return {
    checkouts: outcomes.length,
    slow: slow.length,
    reached: slow.filter(({ traceId }) => reached.has(traceId)).length,
  }
}

function durationIn(trace: Trace | undefined): number | undefined {
  const span = trace === undefined ? undefined : checkoutSpan(trace)
  return span === undefined ? undefined : durationMs(span)
}

const edges = [
  ...['user → api', 'api → inventory', 'api → payment', 'inventory → pricing', 'payment → bank', 'pricing → erp'],
  ...['api', 'inventory', 'payment', 'pricing'].map((service) => `${service} → postgres`),
  ...['api → inventory (queue)', 'api → payment (queue)'],
]

test('the service graph has exactly the edges of the design', { timeout: 120_000 }, async () => {
  await eventually(
    'all edges are drawn',
    async () => {
      const series = await promql(
        stack,
        'sum by (client, server, connection_type) (traces_service_graph_request_total)',
      )
      const drawn = series.map(({ labels: { client, server, connection_type: type } }) =>
        type === 'messaging_system' ? `${client} → ${server} (queue)` : `${client} → ${server}`,
      )
      expect([...new Set(drawn)].sort()).toEqual(edges.toSorted())
    },
    { withinMs: 60_000, everyMs: 2_000 },
  )
  console.log(`service graph: ${edges.join(', ')}`)
})

// Who calls whom, how often and how slowly: counted over hand-made traces, and over HTTP.
import { expect, test } from 'vitest'
import { type ServiceMap, serviceMap } from '../../infra/viewer/service-map.ts'
import { createTracesStore } from '../../infra/viewer/traces-store.ts'
import type { Trace } from '../../services/lens/trace.ts'
import { checkout } from '../helpers/checkouts.ts'
import { plantedCheckouts, startMsOf } from '../helpers/planted.ts'
import { client, consumer, server, span, trace, traceIdOf } from '../helpers/traces.ts'
import { startViewer } from '../helpers/viewer.ts'

const baseMs = startMsOf(0)

/** The nth trace begins n seconds after `baseMs`. */
function mapOf(traces: readonly Trace[], window = { fromMs: baseMs, toMs: baseMs + 60_000 }): ServiceMap {
  const store = createTracesStore({ maxBytes: 1024 ** 3 })
  for (const [n, { spans }] of traces.entries()) {
    const shiftMs = baseMs + n * 1_000
    for (const one of spans) store.add({ ...one, startMs: one.startMs + shiftMs, endMs: one.endMs + shiftMs })
  }
  return serviceMap(store, window)
}

const edge = (map: ServiceMap, caller: string, callee: string) =>
  map.edges.find((one) => one.caller === caller && one.callee === callee)
const peer = (name: string) => ({ attributes: { 'peer.service': name } })
const sql = { attributes: { 'db.system.name': 'postgresql', 'server.address': '10.0.0.7' } }

/** An order that asks inventory (300 ms as seen by api, 280 ms as inventory sees it), a database, a bank, and sends a message. */
const order = (n: number, { bankMs = 40, bankFails = false } = {}) =>
  trace(
    server('api', 'POST /api/checkout', 0, 900, [
      client('api', 'POST', 10, 310, [server('inventory', 'POST /reservations', 20, 300)], peer('inventory')),
      client('api', 'pg-pool.connect', 311, 340, [], sql),
      client('api', 'SELECT shop', 340, 345, [], sql),
      client('api', 'POST', 350, 350 + bankMs, [], { ...peer('bank'), ...(bankFails ? { status: 'error' } : {}) }),
      span('api', 'send order-placed', 700, 702, [consumer('payment', 'process order-placed', 1_500, 1_520)], {
        kind: 'producer',
      }),
    ]),
    traceIdOf(n),
  )

test('a call is what its caller saw of it, and is named by whoever answered', () => {
  const map = mapOf([order(1), order(2), order(3), order(4)])
  expect(edge(map, 'api', 'inventory')).toMatchObject({ kind: 'call', count: 4, p50Ms: 300, p99Ms: 300, isSlow: false })
  expect(map.nodes.find(({ name }) => name === 'inventory')).toMatchObject({ isSilent: false, count: 4, p50Ms: 280 })
})

test('databases and peers that send no spans are there by name, and waiting for a connection is no call', () => {
  const map = mapOf([order(1)])
  expect(edge(map, 'api', 'postgres')).toMatchObject({ count: 1, p50Ms: 5 })
  expect(edge(map, 'api', 'bank')).toMatchObject({ count: 1, p50Ms: 40 })
  expect(map.nodes.filter(({ isSilent }) => isSilent).map(({ name }) => name)).toEqual(['bank', 'postgres'])
  expect(map.nodes.find(({ name }) => name === 'bank')).toMatchObject({ count: 1, p99Ms: 40 })
})

test('a message is measured from its sending until it is taken up, and is never slow: nobody waits for it', () => {
  expect(edge(mapOf([order(1)]), 'api', 'payment')).toMatchObject({ kind: 'message', p50Ms: 800, isSlow: false })
})

test('a call is slow when its p99 is over the SLO, and failures are a share of the calls', () => {
  const map = mapOf([order(1), order(2, { bankMs: 540, bankFails: true }), order(3), order(4)])
  expect(edge(map, 'api', 'bank')).toMatchObject({ errorShare: 0.25, isSlow: true })
  expect(edge(map, 'api', 'inventory')).toMatchObject({ errorShare: 0, isSlow: false })
})

test('rates are by the second of the window, which begins where the traces do', () => {
  const traces = Array.from({ length: 20 }, (_, n) => order(n + 1))
  const late = { fromMs: baseMs + 10_000, toMs: baseMs + 20_000 }
  expect(mapOf(traces, late)).toMatchObject({ ...late, traces: 10, total: 10 })
  expect(edge(mapOf(traces, late), 'api', 'bank')?.ratePerSecond).toBe(1)
  const early = mapOf(traces, { fromMs: baseMs - 300_000, toMs: baseMs + 40_000 })
  expect(early).toMatchObject({ fromMs: baseMs, traces: 20 })
  expect(edge(early, 'api', 'bank')?.ratePerSecond).toBe(0.5)
})

test('the newest 5,000 traces are counted, over the time that they took', () => {
  const traces = Array.from({ length: 5_100 }, (_, n) => trace(server('api', 'GET /', 0, 5), traceIdOf(n + 1)))
  const map = mapOf(traces, { fromMs: baseMs, toMs: baseMs + 5_100_000 })
  expect(map).toMatchObject({ traces: 5_000, total: 5_100, fromMs: baseMs + 100_000 })
  expect(map.nodes[0]?.ratePerSecond).toBe(1)
})

test('an empty window has no services, and says when the newest trace began', () => {
  const map = mapOf([order(1), order(2)], { fromMs: baseMs - 10_000, toMs: baseMs })
  expect(map).toMatchObject({ traces: 0, nodes: [], edges: [], newestMs: baseMs + 1_000 })
  expect(mapOf([])).not.toHaveProperty('newestMs')
})

test('the map is told over HTTP, for five minutes unless asked otherwise', async () => {
  const viewer = await startViewer()
  const { checkouts } = plantedCheckouts(20)
  for (const { spans } of checkouts) await viewer.sendSpans(spans)
  const { body } = await viewer.get<ServiceMap>(`/api/map?from=${startMsOf(1)}&to=${startMsOf(21)}`)
  expect(body.nodes.map(({ name }) => name)).toEqual(['api', 'bank', 'inventory', 'payment', 'postgres', 'pricing'])
  expect(edge(body, 'inventory', 'pricing')).toMatchObject({ count: 20, ratePerSecond: 1 })
  expect((await viewer.get<ServiceMap>('/api/map')).body.traces).toBe(0)
  await viewer.sendSpans(checkout({ n: 21 }).spans, Date.now() - 120_000)
  expect((await viewer.get<ServiceMap>('/api/map')).body.traces).toBe(1)
})

test.for([
  ['from=then', 'from is "then": expected epoch milliseconds'],
  ['from=20&to=20', 'to is "20": expected a time after from'],
  ['minutes=5', 'minutes is not known here'],
])('a bad question is answered with a sentence: %s', async ([query, message]) => {
  const viewer = await startViewer()
  expect(await viewer.get(`/api/map?${query}`)).toEqual({ status: 400, body: { code: 'invalid_request', message } })
})

test('where only slow and failed traces are left nothing is counted: shares are those of all traces', () => {
  const store = createTracesStore({ maxBytes: 1024 ** 3, maxTraces: 50 })
  for (let n = 0; n < 100; n++) {
    const shiftMs = baseMs + n * 1_000
    const call = client('api', 'POST', 10, 30, [], { ...peer('bank'), ...(n % 10 === 0 ? { status: 'error' } : {}) })
    for (const one of trace(server('api', 'POST /api/checkout', 0, 90, [call]), traceIdOf(n)).spans)
      store.add({ ...one, startMs: one.startMs + shiftMs, endMs: one.endMs + shiftMs })
  }
  const map = serviceMap(store, { fromMs: baseMs, toMs: baseMs + 100_000 })
  expect(map.fromMs).toBeGreaterThan(baseMs + 50_000)
  expect(edge(map, 'api', 'bank')?.errorShare).toBeCloseTo(0.1, 1)
  expect(edge(map, 'api', 'bank')?.ratePerSecond).toBeCloseTo(1, 1)
})

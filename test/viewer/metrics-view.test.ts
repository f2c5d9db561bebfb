// A service's metrics as curves: what was exported becomes rates, percentiles and highest values of each step.
import { expect, test } from 'vitest'
import { serviceMetricsOf, slowestMoments } from '../../infra/viewer/metrics-view.ts'
import { slowestRequests } from '../../infra/viewer/slowest-requests.ts'
import { createStore } from '../../infra/viewer/store.ts'
import type { ServiceMetricsAnswer } from '../../infra/viewer/watch-routes.ts'
import { attributes, metrics } from '../../services/kit/telemetry/names.ts'
import type { Point, Series } from '../../services/lens/source.ts'
import { checkout, idFor } from '../helpers/checkouts.ts'
import { otlpTraces } from '../helpers/otlp.ts'
import { otlpMetrics } from '../helpers/otlp-metrics.ts'
import { startViewer } from '../helpers/viewer.ts'

const window = { fromMs: 100_000, toMs: 130_000 }
const of = (metric: string, points: Point[], labels: Record<string, string> = {}): Series => ({
  metric,
  labels: { 'service.name': 'payment', [attributes.instance]: 'payment-1', ...labels },
  points,
})
/** `fast` requests of 50 to 100 ms and `slow` ones of 0.5 to 1 s. */
const requests = (atMs: number, fast: number, slow = 0): Point => ({
  atMs,
  value: 0.1,
  count: fast + slow,
  sum: 1,
  buckets: [
    { upTo: 0.05, count: 0 },
    { upTo: 0.1, count: fast },
    { upTo: 0.5, count: 0 },
    { upTo: 1, count: slow },
    { upTo: Number.POSITIVE_INFINITY, count: 0 },
  ],
})
const gauges = (values: Record<number, number>): Point[] =>
  Object.entries(values).map(([atMs, value]) => ({ atMs: Number(atMs), value }))
const first = (series: Series[], over = window) => {
  const [instance] = serviceMetricsOf(series, over).instances
  if (instance === undefined) throw new Error('There is no instance')
  return instance
}

test('rates and percentiles are those of the requests since the step before', () => {
  const one = first([
    of(metrics.httpServerDuration, [requests(99_000, 1), requests(104_000, 50), requests(109_000, 80, 20)]),
  ])
  expect(one.atMs).toEqual([100_000, 104_000, 109_000, 130_000])
  expect(one.sinceMs).toEqual([null, 99_000, 104_000, null])
  expect(one.requestsPerSecond).toEqual([null, 10, 20, null])
  expect(one.latency.p50Ms[1]).toBeCloseTo(75)
  expect(one.latency.p99Ms[2]).toBeCloseTo(975)
})

test('exports that come more often than the steps make no rate too high, nor do those that come late', () => {
  const often = [98_500, 100_000, 101_500, 103_000, 104_500, 106_000, 107_500, 109_000, 110_500]
  const one = first([
    of(
      metrics.httpServerDuration,
      often.map((atMs) => requests(atMs, 15)),
    ),
  ])
  expect(one.requestsPerSecond).toEqual([null, 10, 10, 10, null])
  const seldom = first([of(metrics.httpServerDuration, [requests(95_000, 1), requests(110_000, 30)])])
  expect(seldom.requestsPerSecond).toEqual([null, 2, null])
})

test('the first export of all only says when the second began', () => {
  const one = first([of(metrics.httpServerDuration, [requests(106_000, 9_000), requests(111_000, 5)])])
  expect(one.requestsPerSecond).toEqual([null, 1, null])
  expect(serviceMetricsOf([of(metrics.httpServerDuration, [requests(106_000, 5)])], window).instances).toEqual([])
})

test('an export without requests is a rate of zero and no percentile', () => {
  const one = first([of(metrics.eventLoopDelayP99, gauges({ 104000: 0.01, 109000: 0.01 }))])
  expect(one.requestsPerSecond).toEqual([null, 0, null])
  expect(one.latency.p99Ms).toEqual([null, null, null])
})

test('a line breaks where the instance was silent for longer than its usual interval may be', () => {
  const long = { fromMs: 100_000, toMs: 400_000 }
  const points = [104_000, 109_000, 300_000, 305_000].map((atMs) => requests(atMs, 60))
  const one = first([of(metrics.httpServerDuration, points)], long)
  expect(one.requestsPerSecond).toEqual([null, 12, null, null, 12, null])
})

test('only answers of 500 and more are errors', () => {
  const labelled = (status: string) =>
    of(metrics.httpServerDuration, [requests(104_000, 1), requests(109_000, 10)], {
      'http.response.status_code': status,
    })
  const one = first([labelled('200'), labelled('404'), labelled('503')])
  expect([one.requestsPerSecond[1], one.errorsPerSecond[1]]).toEqual([6, 2])
})

test('pools, event loop and garbage collection show the highest of a step, and collecting in milliseconds a second', () => {
  const used = { [attributes.pool]: 'shop', [attributes.poolState]: 'used' }
  const one = first([
    of(metrics.poolConnections, gauges({ 104000: 2, 106000: 9, 108000: 4 }), used),
    of(metrics.poolConnections, gauges({ 104000: 8, 108000: 20 }), { ...used, [attributes.poolState]: 'idle' }),
    of(metrics.poolWaiting, gauges({ 108000: 7 }), { [attributes.pool]: 'shop' }),
    of(metrics.eventLoopDelayMax, gauges({ 106000: 0.42, 108000: 0.02 })),
    of(metrics.gcDuration, [{ atMs: 108_000, value: 0.1, count: 1, sum: 0.1 }]),
  ])
  expect(one.pools).toEqual([{ pool: 'shop', used: [null, 9, null], waiting: [null, 7, null] }])
  expect(one.eventLoopDelay).toEqual({ p99Ms: [null, null, null], maxMs: [null, 420, null] })
  expect(one.gcMsPerSecond).toEqual([null, 25, null])
})

test('instances are told apart, and the objective comes only with checkouts', () => {
  const points = [requests(104_000, 1), requests(109_000, 10, 1)]
  const labels = { [attributes.instance]: 'payment-2' }
  const view = serviceMetricsOf(
    [of(metrics.httpServerDuration, points, labels), of(metrics.httpServerDuration, points)],
    window,
  )
  expect(view.instances.map(({ instance }) => instance)).toEqual(['payment-1', 'payment-2'])
  expect(view.checkouts).toBeUndefined()
  const withCheckouts = serviceMetricsOf([of(metrics.checkoutDuration, points)], window)
  expect(withCheckouts.checkouts).toEqual({ route: 'POST /api/checkout', sloMs: 500 })
  expect(withCheckouts.instances[0]?.checkouts?.p99Ms[1]).toBeGreaterThan(900)
})

test('the slowest moments are the steps with the longest p99', () => {
  const points = [requests(104_000, 1), requests(109_000, 5), requests(114_000, 5, 5), requests(119_000, 5, 1)]
  const { instances } = serviceMetricsOf([of(metrics.httpServerDuration, points)], window)
  expect(slowestMoments(instances, 2).map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
    [109_000, 114_000],
    [114_000, 119_000],
  ])
})

test('the slowest request is that of the service, its instance, its route and the time, however slow the trace is', () => {
  const store = createStore({ maxBytes: 16 * 1024 ** 2 })
  const waits = [0, 640, 90]
  for (const [i, waitMs] of waits.entries())
    store.receive('traces', otlpTraces(checkout({ n: i + 1, waitMs }).spans, 1000 * i))
  const ask = (service: string, more: { instance?: string; route?: string; fromMs?: number; toMs?: number } = {}) =>
    slowestRequests(store.traces, [{ service, fromMs: 0, toMs: 10_000, ...more }])[0]

  expect(ask('api')).toMatchObject({ traceId: idFor(2), name: 'POST /api/checkout' })
  expect(ask('payment')).toMatchObject({ name: 'POST /authorisations', durationMs: 25 })
  expect(ask('inventory', { toMs: 1000 })).toMatchObject({ traceId: idFor(1), name: 'POST /reservations' })
  expect(ask('api', { fromMs: 1900 })).toMatchObject({ traceId: idFor(3) })
  expect(ask('api', { instance: 'api-1', route: '/api/checkout' })?.traceId).toBe(idFor(2))
  expect(ask('api', { instance: 'api-2' })).toBeUndefined()
  expect(ask('api', { route: '/api/products' })).toBeUndefined()
  expect(ask('bank')).toBeUndefined()
  // Only the queue's consumer ended then, for which nobody waited.
  expect(ask('inventory', { fromMs: 900, toMs: 1000 })).toBeUndefined()
})

const base = 1_790_000_000_000

test('over HTTP a service comes with its curves, who else reports, and the slowest request of its slowest moment', async () => {
  const viewer = await startViewer({ startedAtMs: base })
  const report = { service: 'payment', instance: 'payment-1' }
  await viewer.sendMetrics(otlpMetrics({ ...report, atMs: base + 1000, loopDelayMs: { p99: 11, max: 12 } }))
  await viewer.sendMetrics(otlpMetrics({ ...report, atMs: base + 6000, requests: [20, 30, 30, 600], failed: [20] }))
  await viewer.sendMetrics(otlpMetrics({ service: 'api', instance: 'api-1', atMs: base + 6000, requests: [1] }))
  await viewer.sendSpans(checkout({ n: 1 }).spans, base + 2000)

  const { body } = await viewer.get<ServiceMetricsAnswer>(
    `/api/service-metrics?service=payment&from=${base}&to=${base + 10_000}`,
  )
  expect(body.services).toEqual(['api', 'payment'])
  expect([body.oldestMs, body.newestMs]).toEqual([base + 1000, base + 6000])
  expect(body.instances[0]).toMatchObject({ requestsPerSecond: [null, 1, null], errorsPerSecond: [null, 0.2, null] })
  expect(body.slowest).toEqual([
    expect.objectContaining({ traceId: idFor(1), instance: 'payment-1', name: 'POST /authorisations' }),
  ])
  const of = `service=payment&instance=payment-1&from=${base}&to=${base + 10_000}`
  expect((await viewer.get(`/api/slowest-trace?${of}`)).body).toMatchObject({ traceId: idFor(1) })
})

test.for([
  ['/api/service-metrics', 400, 'service is missing: expected one value'],
  ['/api/service-metrics?service=api&from=5&to=5', 400, 'to is "5": expected a time after from'],
  ['/api/service-metrics?service=api&from=now', 400, 'from is "now": expected epoch milliseconds'],
  ['/api/service-metrics?service=api&step=1', 400, 'step is not known here'],
  ['/api/slowest-trace?service=api&from=1', 400, 'to is missing: expected epoch milliseconds'],
  ['/api/slowest-trace?service=api&from=2&to=1', 400, 'to is "1": expected a time after from'],
  [
    '/api/slowest-trace?service=api&from=1&to=2',
    404,
    'No trace of what api answered then is here: it is on its way, or was evicted',
  ],
] as const)('what cannot be answered is refused with a sentence: %s', async ([path, status, message]) => {
  const viewer = await startViewer()
  expect(await viewer.get(path)).toMatchObject({ status, body: { message } })
})

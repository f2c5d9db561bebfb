// Where two traces differ, by hand-made examples and over HTTP, and which trace a slow one is compared with.
import { expect, test } from 'vitest'
import { compareTraces, type TraceComparison } from '../../infra/viewer/trace-comparison.ts'
import { usualOf } from '../../infra/viewer/usual.ts'
import type { TraceSummary } from '../../services/lens/sources/viewer.ts'
import { checkout, idFor } from '../helpers/checkouts.ts'
import { client, server, span, trace, traceIdOf } from '../helpers/traces.ts'
import { startViewer } from '../helpers/viewer.ts'

const order = (lockMs: number, attributes: Record<string, string | number>) =>
  trace(
    server(
      'api',
      'POST /api/checkout',
      0,
      lockMs + 50,
      [
        client('api', 'POST', 10, lockMs + 40, [
          server('inventory', 'POST /reservations', 15, lockMs + 35, [
            span('inventory', 'lock stock', 20, lockMs + 20),
          ]),
        ]),
      ],
      { attributes },
    ),
  )

test('the largest difference comes first, and all of them add up to what one took longer', () => {
  const { operations } = compareTraces(order(700, {}), order(100, {}))
  expect(operations[0]).toEqual({
    ...{ service: 'inventory', name: 'lock stock', part: 'self' },
    ...{ slowMs: 700, fastMs: 100, differenceMs: 600 },
  })
  expect(operations.reduce((sum, { differenceMs }) => sum + differenceMs, 0)).toBeCloseTo(600)
  expect(operations.reduce((sum, { slowMs }) => sum + slowMs, 0)).toBeCloseTo(750)
})

test('it is the same the other way round, with the sign turned', () => {
  const { operations } = compareTraces(order(100, {}), order(700, {}))
  expect(operations[0]).toMatchObject({ name: 'lock stock', differenceMs: -600 })
})

test('an operation that only one has counts 0 in the other', () => {
  const without = trace(server('api', 'POST /api/checkout', 0, 20))
  const { operations } = compareTraces(order(100, {}), without)
  expect(operations.find(({ name }) => name === 'lock stock')).toMatchObject({ slowMs: 100, fastMs: 0 })
  expect(operations.find(({ name }) => name === 'POST /api/checkout')).toMatchObject({ slowMs: 20, fastMs: 20 })
})

test('only attributes that differ are named, those of the shop first', () => {
  const slow = order(100, { 'http.route': '/api/checkout', 'network.peer.port': 1, 'shop.tier': 'gold' })
  const fast = order(100, { 'http.route': '/api/checkout', 'network.peer.port': 2, 'user_agent.original': 'k6' })
  expect(compareTraces(slow, fast).attributes).toEqual([
    { key: 'shop.tier', slow: 'gold' },
    { key: 'network.peer.port', slow: '1', fast: '2' },
    { key: 'user_agent.original', fast: 'k6' },
  ])
})

test('usual is what took about the median, complete and without errors where there is such a trace', () => {
  const of = (n: number, durationMs: number, more: Partial<TraceSummary> = {}) =>
    ({ traceId: traceIdOf(n), durationMs, errorCount: 0, isComplete: true, ...more }) as TraceSummary
  expect(usualOf([of(1, 20), of(2, 90), of(3, 1_000), of(4, 80), of(5, 100)])?.traceId).toBe(traceIdOf(2))
  expect(usualOf([of(1, 20), of(2, 90, { errorCount: 1 }), of(3, 95, { isComplete: false })])?.traceId).toBe(
    traceIdOf(1),
  )
  expect(usualOf([of(1, 20, { errorCount: 1 })])?.traceId).toBe(traceIdOf(1))
  expect(usualOf([])).toBeUndefined()
})

/** Seven quick checkouts (about 130 ms), a slow one (8), and a quick request of another kind. */
async function shopViewer() {
  const viewer = await startViewer()
  for (let n = 1; n <= 7; n++) await viewer.sendSpans(checkout({ n, waitMs: n * 3 }).spans, 1_790_000_000_000 + n)
  await viewer.sendSpans(checkout({ n: 8, waitMs: 700 }).spans, 1_790_000_000_100)
  await viewer.sendSpans(trace(server('api', 'GET /api/cart', 0, 120), traceIdOf(99)).spans, 1_790_000_000_200)
  const usual = async (id: string) => (await viewer.get<{ usual?: string }>(`/api/traces/${id}`)).body.usual
  return { viewer, usual }
}

test('a slow trace names a usual one of its kind, a fast one names none', async () => {
  const { usual } = await shopViewer()
  expect([1, 2, 3, 4, 5, 6, 7].map(idFor)).toContain(await usual(idFor(8)))
  expect(await usual(idFor(1))).toBeUndefined()
})

test('the only one of its kind has nothing to be compared with', async () => {
  const { viewer, usual } = await shopViewer()
  await viewer.sendSpans(trace(server('api', 'GET /api/report', 0, 3_000), traceIdOf(98)).spans, 1_790_000_000_300)
  expect(await usual(traceIdOf(98))).toBeUndefined()
})

test('two traces are compared over HTTP', async () => {
  const { viewer } = await shopViewer()
  const path = `/api/comparison?slow=${idFor(8)}&fast=${idFor(1)}`
  const { status, body } = await viewer.get<TraceComparison>(path)
  expect(status).toBe(200)
  expect(body.operations[0]).toMatchObject({ service: 'inventory', name: 'SELECT shop', differenceMs: 697 })
  expect(body.attributes).toContainEqual({ key: 'shop.order_id', slow: 'order-8', fast: 'order-1' })
})

test('whichever of the two is not here is named', async () => {
  const { viewer } = await shopViewer()
  const nobody = 'f'.repeat(32)
  expect(await viewer.get(`/api/comparison?slow=${nobody}&fast=${idFor(1)}`)).toEqual({
    status: 404,
    body: { code: 'not_found', message: `No trace ${nobody} here to compare ${idFor(1)} with` },
  })
  expect((await viewer.get(`/api/comparison?slow=${idFor(1)}&fast=${nobody}`)).body.message).toContain(
    `No trace ${nobody} here`,
  )
})

test.for([
  [`slow=abc&fast=${'a'.repeat(32)}`, 'slow is "abc": expected 32 hexadecimal digits'],
  [`slow=${'a'.repeat(32)}`, 'fast is missing: expected one value'],
])('a bad question is answered with a sentence: %s', async ([query, message]) => {
  const viewer = await startViewer()
  expect(await viewer.get(`/api/comparison?${query}`)).toEqual({
    status: 400,
    body: { code: 'invalid_request', message },
  })
})

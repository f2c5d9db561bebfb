// What a region of the list has that the others lack: over the store, and over HTTP.
import { expect, test } from 'vitest'
import { type Differences, differencesOf } from '../../infra/viewer/differences.ts'
import { createTracesStore } from '../../infra/viewer/traces-store.ts'
import type { Trace } from '../../services/lens/trace.ts'
import { plantedCheckouts, startMsOf } from '../helpers/planted.ts'
import { server, trace } from '../helpers/traces.ts'
import { startViewer } from '../helpers/viewer.ts'

const { checkouts, slowIds } = plantedCheckouts(90)
const nowMs = startMsOf(1_000)

function storeOf(traces: readonly Pick<Trace, 'spans'>[]) {
  const store = createTracesStore({ maxBytes: 1024 ** 3 })
  for (const { spans } of traces) for (const span of spans) store.add(span)
  return store
}
const planted = storeOf(checkouts)

test('what was planted in the slow ones is the first difference, with counts of both sides', () => {
  const found = differencesOf(planted, { minMs: 500 }, nowMs)
  expect(found).toMatchObject({ rootName: 'POST /api/checkout', inside: { count: 10 }, others: { count: 80 }, cut: '' })
  expect(found.differences[0]).toMatchObject({
    key: 'shop.cart_size',
    value: 'bulk',
    slowCount: 10,
    fastCount: 0,
    shareSlow: 1,
    shareFast: 0,
  })
  expect(found.differences[0]?.p).toBeLessThan(0.001)
  expect(found.says).toContain('shop.cart_size = bulk in 100 % of the traces in the region and 0.0 % of the others')
})

test('the example of a difference is in the region and has the value; the pair to compare is a slow and a usual one', () => {
  const found = differencesOf(planted, { minMs: 500 }, nowMs)
  for (const { example } of found.differences) expect(slowIds).toContain(example)
  expect(slowIds).toContain(found.slowest)
  expect(found.usual).toBeDefined()
  expect(slowIds).not.toContain(found.usual)
})

test('the example is not the slowest of the region when that one has another story', () => {
  const of = (n: number, tookMs: number, tier: string) =>
    atStart(trace(server('api', 'GET /', 0, tookMs, [], { attributes: { 'shop.tier': tier } }), idOf(n)), n)
  const gold = Array.from({ length: 10 }, (_, i) => of(i, 700, 'gold'))
  const slower = Array.from({ length: 10 }, (_, i) => of(20 + i, 900, 'plain'))
  const fast = Array.from({ length: 60 }, (_, i) => of(40 + i, 50, 'plain'))
  const found = differencesOf(storeOf([...gold, ...slower, ...fast]), { minMs: 500 }, nowMs)
  expect(found.differences[0]).toMatchObject({ key: 'shop.tier', value: 'gold', slowCount: 10, shareSlow: 0.5 })
  expect(Array.from({ length: 10 }, (_, i) => idOf(i))).toContain(found.differences[0]?.example)
})

test('a region is a stretch of time and a range of durations, and the others are those of the range that is shown', () => {
  const region = { from: startMsOf(1), to: startMsOf(46), minMs: 500, maxMs: 2_000 }
  const found = differencesOf(planted, { ...region, othersFrom: startMsOf(1), othersTo: startMsOf(61) }, nowMs)
  expect(found).toMatchObject({ inside: { count: 5 }, others: { count: 55 } })
})

test('traces of another root are neither in the region nor among the others', () => {
  const carts = Array.from({ length: 7 }, (_, i) => atStart(trace(server('api', 'GET /api/cart', 0, 900), idOf(i)), i))
  const mixed = storeOf([...checkouts, ...carts])
  const found = differencesOf(mixed, { minMs: 500 }, nowMs)
  expect(found).toMatchObject({ inside: { count: 10 }, others: { count: 80 }, ofOtherRoots: 7 })
  const ofCarts = differencesOf(mixed, { minMs: 500, route: 'GET /api/cart' }, nowMs)
  expect(ofCarts).toMatchObject({ rootName: 'GET /api/cart', others: { count: 0 }, ofOtherRoots: 0 })
  expect(ofCarts.says).toBe('All traces of this root are in the region: there are no others to compare them with.')
})

test('nothing, too few, and nothing that separates are said in a sentence', () => {
  const says = (query: Parameters<typeof differencesOf>[1]) => differencesOf(planted, query, nowMs).says
  expect(says({ minMs: 90_000 })).toBe('No trace is in this region.')
  expect(says({ minMs: 500, to: startMsOf(10) })).toBe('One trace makes no pattern: a region needs at least 5.')
  expect(says({ minMs: 500, to: startMsOf(19) })).toBe('2 traces make no pattern: a region needs at least 5.')
  expect(says({ from: startMsOf(30), to: startMsOf(60) })).toMatch(/^Nothing separates the traces in the region/)
})

test('at most 500 a side are compared, and the answer says so', () => {
  const many = plantedCheckouts(1_260)
  const found = differencesOf(storeOf(many.checkouts), { maxMs: 500 }, startMsOf(2_000))
  expect(found.inside).toEqual({ count: 1_120, compared: 500 })
  expect(found.others).toEqual({ count: 140, compared: 140 })
  expect(found.cut).toBe('Of the 1,120 traces in the region 500 are compared, spread evenly over time.')
})

test('the differences are told over HTTP', async () => {
  const viewer = await startViewer()
  for (const { spans } of checkouts) await viewer.sendSpans(spans)
  const { status, body } = await viewer.get<Differences>('/api/differences?minMs=500&service=inventory')
  expect(status).toBe(200)
  expect(body.differences[0]).toMatchObject({ key: 'shop.cart_size', value: 'bulk', slowCount: 10, fastCount: 0 })
  expect((await viewer.get<Differences>('/api/differences?service=nobody')).body.says).toBe(
    'No trace is in this region.',
  )
  const details = await viewer.get<{ usual: string }>(`/api/traces/${body.slowest}`)
  expect(slowIds).not.toContain(details.body.usual)
})

test.for([
  ['minMs=fast', 'minMs is "fast": expected a number of milliseconds'],
  ['from=yesterday', 'from is "yesterday": expected epoch milliseconds'],
  ['from=20&to=10', 'to is "10": expected a time after from'],
  ['errors=some', 'errors is "some": expected true or false'],
  ['limit=10', 'limit is not known here'],
])('a bad question is answered with a sentence: %s', async ([query, message]) => {
  const viewer = await startViewer()
  expect(await viewer.get(`/api/differences?${query}`)).toEqual({
    status: 400,
    body: { code: 'invalid_request', message },
  })
})

const idOf = (n: number) => `${'c'.repeat(30)}${n.toString(16).padStart(2, '0')}`

const atStart = (made: ReturnType<typeof trace>, n: number) => ({
  spans: made.spans.map((span) => ({
    ...span,
    startMs: span.startMs + startMsOf(n),
    endMs: span.endMs + startMsOf(n),
  })),
})

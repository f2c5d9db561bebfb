import { expect, test } from 'vitest'
import { spans } from '../../services/kit/telemetry/names.ts'
import {
  type Evidence,
  gap,
  type Observed,
  serialSiblings,
  shared,
  slowerSpan,
  steadySelfTime,
} from '../../services/lens/evidence.ts'
import type { Trace } from '../../services/lens/trace.ts'
import { armedMix, calmMix, hotSku, windowOf } from '../helpers/hot-product.ts'
import { client, server, trace, traceIdOf } from '../helpers/traces.ts'

const calm = windowOf(calmMix)
const armed = windowOf(armedMix)
const ordinary = { 'shop.cart_size': { not: 'bulk' } }
const bulk = { 'shop.cart_size': 'bulk' }

const judge = (evidence: Evidence, now: Observed) => evidence.judge(now, calm)
const withoutTraces = (observed: Observed): Observed => ({ ...observed, traces: new Map<string, Trace>() })
const few = windowOf({ ordinary: 20, waiting: 20 })

const lockWait = slowerSpan('ordinary carts wait for stock', {
  service: 'inventory',
  name: spans.lockStock,
  among: ordinary,
  atLeastShare: 0.8,
})

test('slowerSpan holds when the time is in the span or in the query below it', () => {
  expect(judge(lockWait, armed)).toEqual({
    state: 'held',
    measured:
      '20 of 20 slow checkouts among shop.cart_size ≠ bulk spend most in inventory lock stock, median 700 ms (100 %, at least 80 % expected)',
  })
})

test('slowerSpan fails when the time is elsewhere, and says where', () => {
  const elsewhere = slowerSpan('payment', { service: 'payment', name: 'POST /authorisations', atLeastShare: 0.8 })
  const { state, measured } = judge(elsewhere, armed)
  expect(state).toBe('failed')
  expect(measured).toMatch(/^0 of 28 .*; the others mostly in inventory pg.query:SELECT shop$/)
})

test('evidence about slow checkouts fails, and is not undecided, when enough was seen and nothing was slow', () => {
  expect(judge(lockWait, calm)).toEqual({
    state: 'failed',
    measured: '0 of 432 checkouts among shop.cart_size ≠ bulk were slow: no pattern to find',
  })
})

test('evidence about slow checkouts is inconclusive on few checkouts, an empty cohort or missing traces', () => {
  expect(judge(lockWait, few)).toEqual({ state: 'inconclusive', measured: '40 checkouts observed, 100 are needed' })
  expect(judge(lockWait, windowOf({ bulk: 200 })).state).toBe('inconclusive')
  expect(judge(lockWait, withoutTraces(armed))).toEqual({
    state: 'inconclusive',
    measured: '0 of 20 slow checkouts among shop.cart_size ≠ bulk have a stored trace',
  })
})

test('evidence about slow checkouts is inconclusive when a fifth of their traces is missing', () => {
  const stored = [...armed.traces].filter((_, i) => i < 8 || i >= 12)
  expect(judge(lockWait, { ...armed, traces: new Map(stored) }).measured).toMatch(/^16 of 20 slow checkouts/)
  expect(judge(lockWait, { ...armed, traces: new Map(stored) }).state).toBe('inconclusive')
})

const serialPricing = serialSiblings('bulk carts are priced line by line', {
  service: 'inventory',
  kind: 'client',
  to: 'pricing',
  atLeast: 15,
  inside: { service: 'inventory', kind: 'server' },
  between: {
    from: { service: 'inventory', name: spans.lockStock },
    to: { service: 'inventory', name: 'pg.query:COMMIT shop' },
  },
  among: bulk,
})

test('serialSiblings holds when the calls follow each other inside the transaction', () => {
  expect(judge(serialPricing, armed)).toEqual({
    state: 'held',
    measured:
      '8 of 8 slow checkouts among shop.cart_size = bulk run inventory call to pricing at least 15 times in a row, median 24 (100 %, at least 80 % expected)',
  })
})

test('serialSiblings fails for too few calls, for calls to somebody else and for calls outside', () => {
  const options = { service: 'inventory', inside: { service: 'inventory' }, among: bulk }
  expect(judge(serialSiblings('', { ...options, atLeast: 25, to: 'pricing' }), armed).state).toBe('failed')
  expect(judge(serialSiblings('', { ...options, atLeast: 15, to: 'payment' }), armed).state).toBe('failed')
  expect(judge(serialSiblings('', { ...options, atLeast: 15, inside: { service: 'payment' } }), armed).state).toBe(
    'failed',
  )
  const before = { from: { name: 'pg.query:COMMIT shop' }, to: { name: 'POST /reservations' } }
  expect(judge(serialSiblings('', { ...options, atLeast: 1, between: before }), armed).state).toBe('failed')
  expect(judge(serialSiblings('', { ...options, atLeast: 24, to: 'pricing' }), armed).state).toBe('held')
  // The commit is there, but outside what is looked at.
  const elsewhere = { inside: { name: 'pricing POST' }, between: { from: {}, to: { name: 'pg.query:COMMIT shop' } } }
  expect(judge(serialSiblings('', { ...options, ...elsewhere, atLeast: 1 }), armed).state).toBe('failed')
})

test('serialSiblings is inconclusive when the cohort hardly occurs', () => {
  expect(judge(serialPricing, windowOf({ ordinary: 400, serialBulk: 4 })).state).toBe('inconclusive')
  expect(judge(serialPricing, calm).state).toBe('failed')
})

const sharedProduct = shared('the slow ones share a product', { key: 'shop.sku', atLeastShare: 0.8, among: ordinary })

test('shared holds for the commonest value, and names it', () => {
  expect(judge(sharedProduct, armed)).toEqual({
    state: 'held',
    measured:
      'shop.sku = enamel-mug in 20 of 20 slow checkouts among shop.cart_size ≠ bulk (100 %, at least 80 % expected) and in 69 of 412 fast ones (17 %)',
  })
})

test('shared fails for another value, and for a value that the fast ones have as well', () => {
  expect(judge(shared('', { key: 'shop.sku', value: 'felt-bowl', atLeastShare: 0.1 }), armed).state).toBe('held')
  expect(judge(shared('', { key: 'shop.sku', value: 'felt-bowl', atLeastShare: 0.8 }), armed).state).toBe('failed')
  expect(judge(shared('', { key: 'shop.sku', value: 'linen-thing-3', atLeastShare: 0.8 }), armed).state).toBe('failed')
  expect(judge(shared('', { key: 'shop.cart_size', value: 'small', atLeastShare: 0.5 }), armed).state).toBe('failed')
  expect(judge(shared('', { key: 'no.such.key', atLeastShare: 0.8 }), armed).state).toBe('failed')
  expect(judge(sharedProduct, calm).state).toBe('failed')
})

test('shared is inconclusive without fast checkouts to compare with', () => {
  expect(judge(sharedProduct, windowOf({ waiting: 120 })).state).toBe('inconclusive')
  expect(judge(shared('', { key: 'shop.sku', value: hotSku, atLeastShare: 0.8 }), few).state).toBe('inconclusive')
})

const alibi = steadySelfTime('pricing is as quick as ever', { service: 'pricing', ratioAtMost: 1.5 })

test('steadySelfTime holds when calm and while others are slow', () => {
  expect(judge(alibi, calm).state).toBe('held')
  expect(judge(alibi, armed)).toEqual({
    state: 'held',
    measured:
      'median self time of pricing 4.0 ms in 212 spans of slow checkouts, 4.0 ms when calm (at most 1.5× expected)',
  })
})

test('steadySelfTime fails when the service itself takes longer', () => {
  const slower = windowOf(calmMix)
  for (const { spans: all } of slower.traces.values()) {
    for (const span of all) if (span.service === 'pricing' && span.kind === 'server') span.endMs += 4
  }
  expect(judge(alibi, slower).state).toBe('failed')
})

test('steadySelfTime fails only where a median above what is expected cannot be chance', () => {
  /** Seventeen slow checkouts, of which so many were priced 4 ms more slowly. */
  const withSlower = (count: number) => {
    const now = windowOf({ ordinary: 423, waiting: 17 })
    const waiting = [...now.traces.values()].slice(0, count)
    for (const { spans: all } of waiting)
      for (const span of all) if (span.service === 'pricing' && span.kind === 'server') span.endMs += 4
    return judge(alibi, now)
  }
  expect(withSlower(8).state).toBe('held')
  expect(withSlower(9)).toEqual({
    state: 'inconclusive',
    measured:
      'median self time of pricing 8.0 ms in 17 spans of slow checkouts, 4.0 ms when calm (at most 1.5× expected): it is more, which in so few may be chance',
  })
  expect(withSlower(14).state).toBe('failed')
})

test('steadySelfTime is inconclusive without spans of the service, or on few checkouts', () => {
  expect(judge(steadySelfTime('', { service: 'nobody', ratioAtMost: 1.5 }), armed).state).toBe('inconclusive')
  expect(judge(alibi, few).state).toBe('inconclusive')
  expect(judge(alibi, withoutTraces(armed)).state).toBe('inconclusive')
})

const waitsAtTheDoor = gap('the server starts late', {
  service: 'api',
  kind: 'client',
  part: 'before-server',
  atLeastShare: 0.8,
})

/** 200 checkouts; in the slow ones the server span takes `serverMs` of the 800 ms that the client waits. */
function blockedLoop(serverMs: number): Observed {
  const observed = windowOf({ ordinary: 200 })
  const late = Array.from({ length: 20 }, (_, i) => {
    const call = client('api', 'POST', 10, 810, [server('pricing', 'POST /quotes', 810 - serverMs, 810)])
    return trace(server('api', spans.checkout, 0, 820, [call]), traceIdOf(5000 + i))
  })
  const samples = late.map(({ traceId }) => ({ traceId, latencyMs: 820, status: 201, startMs: 0, cohort: {} }))
  return {
    ...observed,
    samples: [...observed.samples, ...samples],
    traces: new Map([...observed.traces, ...late.map((one) => [one.traceId, one] as const)]),
  }
}

test('gap holds when the time passes before the server starts, and fails when it passes in the server', () => {
  expect(judge(waitsAtTheDoor, blockedLoop(50)).state).toBe('held')
  expect(judge(waitsAtTheDoor, blockedLoop(700)).state).toBe('failed')
  const afterwards = gap('', { service: 'api', part: 'after-server', atLeastShare: 0.8 })
  expect(judge(afterwards, blockedLoop(50)).state).toBe('failed')
  expect(judge(waitsAtTheDoor, few).state).toBe('inconclusive')
})

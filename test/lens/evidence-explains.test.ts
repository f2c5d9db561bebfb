// Evidence about what explains the slow checkouts: what tells them apart, how long things take, who looks worst.
import { expect, test } from 'vitest'
import {
  type Evidence,
  largestContributor,
  loudest,
  loudness,
  nothingSeparates,
  type Observed,
  separates,
  slowerSpan,
  takes,
} from '../../services/lens/evidence.ts'
import { armedMix, calmMix, hotSku, windowOf } from '../helpers/hot-product.ts'
import { client, server, trace } from '../helpers/traces.ts'

const calm = windowOf(calmMix)
const armed = windowOf(armedMix)
const ordinary = { 'shop.cart_size': { not: 'bulk' } }
const judge = (evidence: Evidence, now: Observed) => evidence.judge(now, calm)

test('separates holds when the value is among the first three differences, and says which one it is', () => {
  const { state, measured } = judge(separates('', { key: 'shop.sku', value: hotSku, among: ordinary }), armed)
  expect(state).toBe('held')
  expect(measured).toMatch(
    /^number 1 of \d+ differences among shop\.cart_size ≠ bulk .*enamel-mug in 100 % of the slow/,
  )
  expect(judge(separates('', { key: 'shop.sku', among: ordinary }), armed).state).toBe('held')
})

test('separates fails for another value, for another key, and when nothing is slow', () => {
  const other = judge(separates('', { key: 'shop.sku', value: 'linen-thing-1', among: ordinary }), armed)
  expect(other.state).toBe('failed')
  expect(other.measured).toMatch(
    /^shop\.sku = linen-thing-1 is not among the \d+ differences.*; first is inventory:lock/,
  )
  expect(judge(separates('', { key: 'shop.tier' }), armed).state).toBe('failed')
  expect(judge(separates('', { key: 'shop.sku', value: hotSku }), calm).state).toBe('failed')
})

/** Forty slow checkouts among 440 that differ in nothing but their duration, unless `mark` writes something on the slow ones. */
function slowByChance(mark: (isSlow: boolean) => Record<string, string>): Observed {
  const checkouts = Array.from({ length: 440 }, (_, i) => {
    const isSlow = i % 11 === 0
    const attributes = { 'shop.tier': ['standard', 'gold', 'business'][i % 3] ?? '', ...mark(isSlow) }
    const made = trace(
      server('api', 'POST /api/checkout', 0, isSlow ? 800 : 70, [], { attributes }),
      `${i}`.padStart(32, '0'),
    )
    return {
      made,
      sample: { traceId: made.traceId, latencyMs: isSlow ? 800 : 70, status: 201, startMs: i, cohort: {} },
    }
  })
  return {
    ...calm,
    samples: checkouts.map(({ sample }) => sample),
    traces: new Map(checkouts.map(({ made }) => [made.traceId, made])),
  }
}

test('nothingSeparates holds when slow checkouts are like fast ones, and fails when they are not or there are none', () => {
  expect(
    judge(
      nothingSeparates(''),
      slowByChance(() => ({})),
    ).state,
  ).toBe('held')
  const marked = judge(
    nothingSeparates(''),
    slowByChance((isSlow) => ({ 'shop.card_issuer': isSlow ? 'delta' : 'aurora' })),
  )
  expect(marked.state).toBe('failed')
  expect(marked.measured).toMatch(/^the largest difference is shop\.card_issuer = delta in 100 %.*\(100 points apart/)
  expect(judge(nothingSeparates(''), calm).state).toBe('failed')
})

test('nothingSeparates takes how a checkout ended for no reason', () => {
  const failing = slowByChance(
    (isSlow): Record<string, string> => (isSlow ? { 'error.type': 'deadline_exceeded' } : {}),
  )
  expect(judge(nothingSeparates(''), failing).state).toBe('held')
})

test('takes holds when the median of the span lies within its bounds', () => {
  const where = { service: 'inventory', name: 'lock stock', among: ordinary }
  expect(judge(takes('', { ...where, betweenMs: [600, 800] }), armed)).toEqual({
    state: 'held',
    measured:
      'inventory lock stock takes 700 ms in the median of 20 spans in slow checkouts among shop.cart_size ≠ bulk (600 ms to 800 ms expected)',
  })
  expect(judge(takes('', { ...where, betweenMs: [710, 800] }), armed).state).toBe('failed')
  expect(judge(takes('', { ...where, name: 'no such span', betweenMs: [0, 800] }), armed).state).toBe('failed')
  expect(judge(takes('', { ...where, betweenMs: [600, 800] }), calm).state).toBe('failed')
})

test('the loudest service is the one whose own answers got slowest, api left out', () => {
  const [first, ...others] = loudness(armed, calm)
  expect(first).toMatchObject({ service: 'inventory', p99Ms: 844, calmP99Ms: 54 })
  expect(others.map(({ service }) => service)).toEqual(['pricing', 'payment'])
  expect(judge(loudest('', { service: 'inventory' }), armed).state).toBe('held')
  expect(judge(loudest('', { service: 'payment' }), armed).state).toBe('failed')
})

test('nobody is loud when all are as ever, and without spans nothing is known', () => {
  expect(judge(loudest('', { service: 'inventory' }), calm)).toEqual({
    state: 'failed',
    measured: expect.stringMatching(/^nobody is 2 times as loud as when calm: inventory 1\.0×/),
  })
  expect(judge(loudest('', { service: 'inventory' }), { ...armed, traces: new Map() }).state).toBe('inconclusive')
})

test('the largest contributor is one operation, or the gap before or after it', () => {
  const gapped = server('api', 'POST /api/checkout', 0, 500, [
    client('api', 'POST', 10, 490, [server('payment', 'POST /authorisations', 400, 480)]),
  ])
  expect(largestContributor(trace(gapped))).toBe('api POST (before-server)')
})

test('a claim about fewer than four fifths of the slow checkouts does not count as their explanation', () => {
  const where = { service: 'inventory', name: 'lock stock' }
  expect(slowerSpan('', { ...where, atLeastShare: 0.8 }).topic).toBe('contributor')
  expect(slowerSpan('', { ...where, atLeastShare: 0.5 }).topic).toBeUndefined()
})

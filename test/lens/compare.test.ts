import { expect, test } from 'vitest'
import { compare, summaryOf } from '../../services/lens/compare.ts'
import { bucketed, featuresOf, limitsBelow, valuesOf } from '../../services/lens/features.ts'
import type { Attributes, Trace } from '../../services/lens/trace.ts'
import { client, server, span, trace, traceIdOf } from '../helpers/traces.ts'

/** Seeded, so that a failure can be repeated (Lehmer). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

const checkout = (id: number, attributes: Attributes, skus: string[], more: Parameters<typeof span>[4] = []): Trace =>
  trace(
    server(
      'api',
      'POST /api/checkout',
      0,
      100,
      [span('inventory', 'lock stock', 10, 20, [], { attributes: { 'shop.sku': skus } }), ...more],
      { attributes: { 'shop.order_id': `order-${id}`, ...attributes } },
    ),
    traceIdOf(id),
  )

const many = (count: number, make: (i: number) => Trace): Trace[] => Array.from({ length: count }, (_, i) => make(i))

test('a planted product ranks first, with its shares and counts', () => {
  const slow = many(40, (i) => checkout(i, { 'shop.tier': i % 3 ? 'gold' : 'standard' }, ['mug', `thing-${i % 9}`]))
  const fast = many(400, (i) =>
    checkout(1000 + i, { 'shop.tier': i % 3 ? 'gold' : 'standard' }, [i % 8 ? 'lamp' : 'mug', `thing-${i % 9}`]),
  )
  const [first] = compare(slow, fast)
  expect(first).toMatchObject({
    key: 'inventory:lock stock:shop.sku',
    value: 'mug',
    shareSlow: 1,
    shareFast: 0.125,
    slowCount: 40,
    fastCount: 50,
    says: 'inventory:lock stock:shop.sku = mug in 100 % of the slow traces and 13 % of the fast ones',
  })
  expect(first?.p).toBeLessThan(1e-9)
})

test('when nothing separates slow from fast the list is empty', () => {
  const make = (i: number) => checkout(i, { 'shop.tier': i % 2 ? 'gold' : 'standard' }, [`thing-${i % 5}`])
  const differences = compare(many(40, make), many(400, make))
  expect(differences).toEqual([])
  expect(summaryOf(differences)).toBe('Nothing separates slow from fast: look at time, instance or load.')
})

test('noise in many attributes becomes significant no more often than it may', () => {
  const random = randomFrom(42)
  const noisy = (i: number): Trace => {
    const attributes = Object.fromEntries(
      Array.from({ length: 30 }, (_, k) => [`noise.${k}`, `v${Math.floor(random() * 4)}`]),
    )
    return checkout(i, attributes, [`thing-${Math.floor(random() * 40)}`])
  }
  const runs = Array.from({ length: 20 }, () => compare(many(20, noisy), many(200, noisy)).length)
  // At a false discovery rate of 5 % one run in twenty may report something.
  expect(runs.filter((found) => found > 0).length).toBeLessThanOrEqual(2)
})

test('fewer than five slow traces make no pattern', () => {
  const slow = many(4, (i) => checkout(i, { 'shop.tier': 'gold' }, []))
  const fast = many(400, (i) => checkout(i, { 'shop.tier': 'standard' }, []))
  expect(compare(slow, fast)).toEqual([])
  expect(
    compare(
      many(5, (i) => checkout(i, { 'shop.tier': 'gold' }, [])),
      fast,
    ),
  ).not.toEqual([])
})

test('ids and durations are never a reason', () => {
  const slow = many(30, (i) => checkout(i, { 'shop.wait_ms': 900, 'session.user': `u${i}`, 'postgresql.pid': 7 }, []))
  const fast = many(30, (i) => checkout(i + 99, { 'shop.wait_ms': 3, 'session.user': `w${i}` }, []))
  expect(compare(slow, fast)).toEqual([])
})

test('a key with mostly distinct values is an id, even when one of them comes back', () => {
  const slow = many(30, (i) => checkout(i, { 'session.user': i < 8 ? 'u0' : `u${i}` }, []))
  const fast = many(300, (i) => checkout(i + 99, { 'session.user': `w${i}` }, []))
  expect(compare(slow, fast)).toEqual([])
})

test('the largest difference of shares comes first', () => {
  const made = (id: number, zone: boolean, tier: boolean) =>
    checkout(id, { zone: zone ? 'a' : 'b', 'shop.tier': tier ? 'gold' : 'standard' }, [])
  const slow = many(40, (i) => made(i, i < 36, i < 24))
  const fast = many(400, (i) => made(i, i < 40, i < 40))
  const found = compare(slow, fast)
  expect(found.map(({ key, value }) => `${key} = ${value}`)).toEqual(['zone = a', 'shop.tier = gold'])
  expect(summaryOf(found)).toBe(
    'zone = a in 90 % of the slow traces and 10 % of the fast ones; shop.tier = gold in 60 % of the slow traces and 10 % of the fast ones',
  )
})

test('an attribute that many spans carry alike is one difference, under its shortest key', () => {
  const tiered = (tier: string) => (i: number) =>
    checkout(
      i,
      { 'shop.tier': tier, 'shop.run': tier },
      [],
      [client('payment', 'bank', 30, 40, [], { attributes: { 'shop.tier': tier, 'shop.run': tier } })],
    )
  expect(compare(many(20, tiered('gold')), many(200, tiered('standard'))).map(({ key }) => key)).toEqual(['shop.tier'])
})

test('a span that only slow ones have is one difference, whatever is written on it, but for the shop’s own words', () => {
  const attributes = { 'peer.service': 'erp', 'server.port': 8091, 'http.request.method': 'POST', 'shop.tier': 'gold' }
  const asking = (i: number) => checkout(i, {}, [], [client('pricing', 'erp', 30, 40, [], { attributes })])
  const found = compare(
    many(20, asking),
    many(200, (i) => checkout(i, {}, [])),
  )
  expect(found.map(({ key }) => key)).toEqual(['pricing:erp:shop.tier', 'pricing:erp:count'])
  expect(found[0]?.alike.map(({ key }) => key)).toEqual(expect.arrayContaining(['pricing:erp:peer.service']))
})

test('numbers with many values are compared in buckets', () => {
  const slow = many(30, (i) => checkout(i, { 'shop.cart_lines': 20 + (i % 12) }, []))
  const fast = many(300, (i) => checkout(i, { 'shop.cart_lines': 1 + (i % 3) }, []))
  const found = compare(slow, fast).filter(({ key }) => key === 'shop.cart_lines')
  expect(found.map(({ value }) => value)).toEqual(['16–31'])
})

test('of a number that is large in all slow traces, whatever its size, the limit that tells most is reported, once', () => {
  const slow = many(30, (i) => checkout(i, { 'shop.cart_lines': 5 + i }, []))
  const fast = many(300, (i) => checkout(i, { 'shop.cart_lines': 1 + (i % 3) }, []))
  const [found, ...others] = compare(slow, fast).filter(({ key }) => key === 'shop.cart_lines')
  expect(found).toMatchObject({ value: '≥ 4', shareSlow: 1 })
  expect(found?.says).toMatch(/^shop.cart_lines ≥ 4 in 100 % of the slow traces and/)
  expect(others).toEqual([])
})

test('the instance, the number of spans, an event and an error are derived', () => {
  const odd = (i: number) =>
    checkout(
      i,
      {},
      [],
      [
        server('payment', 'POST /authorisations', 20, 70, [], { instance: 'payment-2' }),
        client('payment', 'bank', 30, 40, [], { instance: 'payment-2', status: 'error' }),
        client('payment', 'bank', 50, 60, [], {
          instance: 'payment-2',
          events: [{ name: 'retry', atMs: 51, attributes: {} }],
        }),
      ],
    )
  const plain = (i: number) =>
    checkout(
      i,
      {},
      [],
      [
        server('payment', 'POST /authorisations', 20, 70, [], { instance: 'payment-1' }),
        // Captured later, by whichever instance has time.
        client('payment', 'bank', 30, 40, [], { instance: 'payment-2' }),
      ],
    )
  const found = compare(many(20, odd), many(200, plain)).map(({ key, value }) => `${key} = ${value}`)
  expect(found.sort()).toEqual([
    'payment:bank:count = 2',
    'payment:bank:error = yes',
    'payment:bank:event = retry',
    'payment:instance = payment-2',
  ])
})

test('the values of an attribute are found on any span, by its bare or its full key', () => {
  const features = featuresOf(checkout(1, { 'shop.tier': 'gold' }, ['mug', 'lamp']))
  expect([...valuesOf(features, 'shop.sku')]).toEqual(['mug', 'lamp'])
  expect([...valuesOf(features, 'inventory:lock stock:shop.sku')]).toEqual(['mug', 'lamp'])
  expect([...valuesOf(features, 'shop.tier')]).toEqual(['gold'])
  expect([...valuesOf(features, 'sku')]).toEqual([])
})

test('a number is above every lower end of a bucket up to its own', () => {
  expect([1, 2, 7, 8, 35].map(limitsBelow)).toEqual([[], [2], [2, 4], [2, 4, 8], [2, 4, 8, 16, 32]])
})

test('buckets double', () => {
  expect([0, 1, 2, 3, 4, 31, 32, -5].map(bucketed)).toEqual([
    '0',
    '1',
    '2–3',
    '2–3',
    '4–7',
    '16–31',
    '32–63',
    'below 0',
  ])
  expect(bucketed(0.3)).toBe('0.25 to 0.5')
})

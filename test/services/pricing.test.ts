// What things cost: discounts by tier, rounding, and a cache that asks once for many.
import { describe, expect, test } from 'vitest'
import { deadlineIn } from '../../services/kit/http/deadline.ts'
import { products } from '../../services/kit/seed.ts'
import { createPriceCache } from '../../services/pricing/cache.ts'
import type { Line, QuotedLine, Tier } from '../../services/pricing/contract.ts'
import { quote } from '../../services/pricing/quote.ts'
import { createSignals } from '../../services/pricing/signals.ts'
import type { Discount } from '../../services/pricing/store.ts'
import { cartOf, createClient, shareShop, silentLog } from '../helpers/shop.ts'

describe('over HTTP', () => {
  const theShop = shareShop({ consumes: false })
  const ask = (lines: Line[], tier: Tier) =>
    createClient(theShop().urls.pricing).send('POST', '/quotes', { lines, tier })

  test('answers the list price of everything', async () => {
    const { body } = await createClient(theShop().urls.pricing).send('GET', '/price-list')

    const prices = body.prices as { sku: string; priceCents: number }[]
    for (const { sku, priceCents } of products) expect(prices).toContainEqual({ sku, priceCents })
  })

  test('prices every line in the order it was asked', async () => {
    const lines = [
      { sku: 'felt-tray', quantity: 7 },
      { sku: 'enamel-mug', quantity: 2 },
    ]

    const { status, body } = await ask(lines, 'standard')

    expect(status).toBe(200)
    const quoted = body.lines as QuotedLine[]
    expect(quoted.map(({ sku, quantity }) => ({ sku, quantity }))).toEqual(lines)
    for (const { sku, unitCents } of quoted)
      expect(products).toContainEqual(expect.objectContaining({ sku, priceCents: unitCents }))
    expect(body.totalCents).toBe(quoted.reduce((sum, { unitCents, quantity }) => sum + unitCents * quantity, 0))
  })

  test('answers 422 naming the first product that nobody sells', async () => {
    const answer = await ask(cartOf('enamel-mug', 'moon-rock', 'sun-stone'), 'standard')

    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'unknown_product', message: 'There is no product moon-rock.' },
    })
  })

  test.for([
    [4, 0],
    [5, 5],
    [9, 5],
    [10, 8],
    [20, 12],
    [10_000, 12],
  ] as const)('gives business customers who take %i a discount of %i percent', async ([quantity, percent]) => {
    const list = products.find(({ sku }) => sku === 'glass-jar')?.priceCents ?? 0

    const { body } = await ask([{ sku: 'glass-jar', quantity }], 'business')

    const unitCents = Math.round((list * (100 - percent)) / 100)
    expect(body).toMatchObject({
      lines: [{ unitCents, lineCents: unitCents * quantity }],
      totalCents: unitCents * quantity,
    })
  })
})

describe('rounding', () => {
  const unitOf = async (listCents: number, percent: number) => {
    const discounts: Discount[] = [{ sku: 'a', minQuantity: 1, percent }]
    const { lines } = await quote({ lines: [{ sku: 'a', quantity: 3 }], tier: 'gold' }, deadlineIn(1000), {
      cache: { pricesOf: async () => new Map([['a', listCents]]) },
      store: { pricesOf: async () => new Map(), allPrices: async () => [], discountsFor: async () => discounts },
      agreements: { discountsFor: async () => [] },
    })
    expect(lines[0]?.lineCents).toBe((lines[0]?.unitCents ?? 0) * 3)
    return lines[0]?.unitCents
  }

  test.for([
    [450, 3, 437],
    [450, 33, 302],
    [450, 55, 203],
    [999, 10, 899],
    [995, 10, 896],
    [1, 50, 1],
    [1000, 0, 1000],
  ] as const)('%i cents less %i percent are %i: half a cent goes up', async ([listCents, percent, expected]) => {
    expect(await unitOf(listCents, percent)).toBe(expected)
  })
})

describe('cache', () => {
  test('asks once for a price that many want at once', async () => {
    const { cache, loads, answer } = cacheOf()

    const asked = Array.from({ length: 10 }, () => cache.pricesOf(['mug']))
    answer.resolve()

    for (const prices of await Promise.all(asked)) expect(prices).toEqual(new Map([['mug', 300]]))
    expect(loads).toEqual([['mug']])
  })

  test('asks for what is missing only, together', async () => {
    const { cache, loads, answer } = cacheOf()
    answer.resolve()
    await cache.pricesOf(['mug'])

    const prices = await cache.pricesOf(['lamp', 'mug', 'jug'])

    expect(loads).toEqual([['mug'], ['lamp', 'jug']])
    expect(prices.get('lamp')).toBe(400)
  })

  test('remembers a price until its time is up, and not a millisecond longer', async () => {
    const { cache, loads, answer, clock } = cacheOf()
    answer.resolve()
    await cache.pricesOf(['mug'])

    clock.now += 999
    await cache.pricesOf(['mug'])
    expect(loads).toHaveLength(1)

    clock.now += 1
    await cache.pricesOf(['mug'])
    expect(loads).toHaveLength(2)
  })

  test('leaves out what nobody sells, and does not remember it: made-up products must not fill the cache', async () => {
    const { cache, loads, answer } = cacheOf()
    answer.resolve()

    expect(await cache.pricesOf(['moon-rock', 'mug'])).toEqual(new Map([['mug', 300]]))
    expect(await cache.pricesOf(['moon-rock'])).toEqual(new Map())
    expect(loads).toHaveLength(2)
  })

  test('tells everybody who waits that a load failed, and forgets it', async () => {
    const { cache, loads, answer } = cacheOf()
    const asked = [cache.pricesOf(['mug']), cache.pricesOf(['mug'])]
    answer.reject(new Error('the database is away'))

    for (const result of await Promise.allSettled(asked)) {
      expect(result).toMatchObject({ status: 'rejected', reason: { message: 'the database is away' } })
    }
    await expect(cache.pricesOf(['mug'])).rejects.toThrow('the database is away')
    expect(loads).toHaveLength(2)
  })

  /** A cache with a clock of its own; loads wait for `answer`. */
  function cacheOf() {
    const clock = { now: 0 }
    const loads: string[][] = []
    const answer = Promise.withResolvers<void>()
    const prices: Record<string, number> = { mug: 300, lamp: 400, jug: 500 }
    const load = async (skus: string[]) => {
      loads.push(skus)
      await answer.promise
      return new Map(skus.flatMap((sku) => (prices[sku] === undefined ? [] : [[sku, prices[sku]] as const])))
    }
    const cache = createPriceCache(load, { ttlMs: 1000, signals: createSignals(silentLog), now: () => clock.now })
    return { cache, loads, answer, clock }
  }
})

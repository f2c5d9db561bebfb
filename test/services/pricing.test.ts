// What things cost: discounts by tier, rounding, and a cache that asks once for many.
import { describe, expect, test } from 'vitest'
import { deadlineIn } from '../../services/kit/http/deadline.ts'
import { products } from '../../services/kit/seed.ts'
import type { Line, QuotedLine, Tier } from '../../services/pricing/contract.ts'
import { quote } from '../../services/pricing/quote.ts'
import { createSignals } from '../../services/pricing/signals.ts'
import type { Discount } from '../../services/pricing/store.ts'
import { fixedFlags } from '../helpers/fixed-flags.ts'
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
      store: {
        pricesOf: async () => new Map(),
        allPrices: async () => [],
        discountsFor: async () => discounts,
        couponPercent: async () => undefined,
      },
      flags: fixedFlags({}),
      signals: createSignals(silentLog),
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

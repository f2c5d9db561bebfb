// The cache of list prices: what is asked for once, for how long it is remembered, and who waits for whom.
import { describe, expect, test } from 'vitest'
import { deadlineIn } from '../../services/kit/http/deadline.ts'
import { products, soldOutProducts } from '../../services/kit/seed.ts'
import { createPriceCache } from '../../services/pricing/cache.ts'
import { createSignals } from '../../services/pricing/signals.ts'
import { fixedFlags } from '../helpers/fixed-flags.ts'
import { cartOf, createClient, shareShop, silentLog, startShop } from '../helpers/shop.ts'

describe('products, each for itself', () => {
  test('are asked for once when many want them at once', async () => {
    const { pricesOf, loads, answer } = cacheOf('single-flight')

    const asked = Array.from({ length: 10 }, () => pricesOf(['mug']))
    answer.resolve()

    for (const prices of await Promise.all(asked)) expect(prices).toEqual(new Map([['mug', 300]]))
    expect(loads).toEqual([['mug']])
  })

  test('are asked for together, those that are missing only', async () => {
    const { pricesOf, loads, answer } = cacheOf('single-flight')
    answer.resolve()
    await pricesOf(['mug'])

    const prices = await pricesOf(['lamp', 'mug', 'jug'])

    expect(loads).toEqual([['mug'], ['lamp', 'jug']])
    expect(prices.get('lamp')).toBe(400)
  })

  test('are remembered until their time is up, and not a millisecond longer', async () => {
    const { pricesOf, loads, answer, clock } = cacheOf('single-flight')
    answer.resolve()
    await pricesOf(['mug'])

    clock.now += 999
    await pricesOf(['mug'])
    expect(loads).toHaveLength(1)

    clock.now += 1
    await pricesOf(['mug'])
    expect(loads).toHaveLength(2)
  })

  test('are left out when nobody sells them, and not remembered: made-up products must not fill the cache', async () => {
    const { pricesOf, loads, answer } = cacheOf('single-flight')
    answer.resolve()

    expect(await pricesOf(['moon-rock', 'mug'])).toEqual(new Map([['mug', 300]]))
    expect(await pricesOf(['moon-rock'])).toEqual(new Map())
    expect(loads).toHaveLength(2)
  })
})

describe('the whole list', () => {
  test('is fetched by everybody who finds it too old, and by nobody while it is fresh', async () => {
    const { pricesOf, loads, answer, clock } = cacheOf('stampede')

    const asked = Array.from({ length: 10 }, () => pricesOf(['mug', 'moon-rock']))
    answer.resolve()
    for (const prices of await Promise.all(asked)) expect(prices).toEqual(new Map([['mug', 300]]))
    expect(loads).toHaveLength(10)

    clock.now += 4_999
    expect(await pricesOf(['lamp', 'jug'])).toEqual(
      new Map([
        ['lamp', 400],
        ['jug', 500],
      ]),
    )
    expect(loads).toHaveLength(10)

    clock.now += 1
    await Promise.all([pricesOf(['mug']), pricesOf(['lamp'])])
    expect(loads).toHaveLength(12)
  })
})

test.for(['single-flight', 'stampede'])(
  '%s: everybody who waits is told that a load failed, and it is forgotten',
  async (variant) => {
    const { pricesOf, loads, answer } = cacheOf(variant)
    const asked = [pricesOf(['mug']), pricesOf(['mug'])]
    answer.reject(new Error('the database is away'))

    for (const result of await Promise.allSettled(asked)) {
      expect(result).toMatchObject({ status: 'rejected', reason: { message: 'the database is away' } })
    }
    const before = loads.length
    await expect(pricesOf(['mug'])).rejects.toThrow('the database is away')
    expect(loads).toHaveLength(before + 1)
  },
)

describe('over HTTP', () => {
  const variants: Record<string, string> = {}
  const theShop = shareShop({ variants, consumes: false, erpMedianMs: 5 })
  const everything = [...products, ...soldOutProducts].map(({ sku }) => ({ sku, quantity: 1 }))

  const ask = async (lines: { sku: string; quantity: number }[]) => {
    const startMs = performance.now()
    const answer = await createClient(theShop().urls.pricing).send('POST', '/quotes', { lines, tier: 'standard' })
    return { ...answer, tookMs: performance.now() - startMs }
  }
  test('costs the same from either, whatever it is', async () => {
    for (const from of [0, 100, 200]) {
      const lines = everything.slice(from, from + 100)
      const answers = []
      for (const variant of ['single-flight', 'stampede']) {
        variants['price-cache'] = variant
        answers.push((await ask(lines)).body)
      }
      expect(answers[0]?.lines).toHaveLength(lines.length)
      expect(answers[1]).toEqual(answers[0])
    }
    expect(await ask([{ sku: 'moon-rock', quantity: 1 }])).toMatchObject({
      status: 422,
      body: { code: 'unknown_product' },
    })
  })
})

describe('a dozen at once', () => {
  const dozen = { 'price-cache': 'stampede' }

  test('who find no list wait for each other, and who come later for nobody', async () => {
    const [aloneMs] = await slowestOf(1, dozen)
    const [crowdMs, laterMs] = await slowestOf(12, dozen)

    // Nine pages of eight milliseconds, of which two are printed at a time.
    expect(crowdMs).toBeGreaterThan(300)
    expect(aloneMs).toBeLessThan(crowdMs / 2)
    expect(laterMs).toBeLessThan(crowdMs / 2)
  })

  test('who want single products wait for nobody', async () => {
    const [crowdMs] = await slowestOf(12, {})
    expect(crowdMs).toBeLessThan(200)
  })

  /** How long the slowest of so many waits in a new shop, and then the slowest of as many more. */
  async function slowestOf(count: number, variants: Record<string, string>): Promise<[number, number]> {
    const shop = await startShop({ variants, consumes: false, erpMedianMs: 5 })
    const { send } = createClient(shop.urls.pricing)
    const ask = async () => {
      const startMs = performance.now()
      await send('POST', '/quotes', { lines: cartOf('enamel-mug'), tier: 'standard' })
      return performance.now() - startMs
    }
    const slowest = async () => Math.max(...(await Promise.all(Array.from({ length: count }, ask))))
    return [await slowest(), await slowest()]
  }
})

/** A cache with a clock of its own; loads wait for `answer`. */
function cacheOf(variant: string) {
  const clock = { now: 0 }
  const loads: string[][] = []
  const answer = Promise.withResolvers<void>()
  const prices: Record<string, number> = { mug: 300, lamp: 400, jug: 500 }
  const load = async (skus: string[]) => {
    loads.push(skus)
    await answer.promise
    return new Map(skus.flatMap((sku) => (prices[sku] === undefined ? [] : [[sku, prices[sku]] as const])))
  }
  const cache = createPriceCache({
    load,
    list: { all: () => load(Object.keys(prices)) },
    flags: fixedFlags({ 'price-cache': variant }),
    signals: createSignals(silentLog),
    ttlMs: 1000,
    now: () => clock.now,
  })
  return { pricesOf: (skus: string[]) => cache.pricesOf(skus, deadlineIn(1000)), loads, answer, clock }
}

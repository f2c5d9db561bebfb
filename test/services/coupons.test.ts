// Coupons: what they take off, who notices when one is checked, and that a code means the same however it is checked.
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { coupons, products } from '../../services/kit/seed.ts'
import type { Tier } from '../../services/pricing/contract.ts'
import { cartOf, createClient, shareShop } from '../helpers/shop.ts'

const [welcome, spring] = coupons
const variants: Record<string, string> = {}
const theShop = shareShop({ variants, consumes: false })
const list = products.find(({ sku }) => sku === 'glass-jar')?.priceCents ?? 0

/** What three glass jars cost each, and how long the answer took. */
async function ask(coupon?: unknown, tier: Tier = 'standard', quantity = 3) {
  const startMs = performance.now()
  const lines = [{ sku: 'glass-jar', quantity }]
  const { status, body } = await createClient(theShop().urls.pricing).send('POST', '/quotes', { lines, tier, coupon })
  const [line] = (body.lines ?? []) as { unitCents: number }[]
  return { status, unitCents: line?.unitCents, tookMs: performance.now() - startMs }
}

const less = (percent: number) => Math.round((list * (100 - percent)) / 100)

describe.for(['linear', 'backtracking'])('checked %s', (variant) => {
  test.for([
    [welcome.code, 10],
    ['welcome10', 10],
    [' Welcome-10- ', 10],
    [spring.code, 5],
    [spring.code.replaceAll('-', ''), 5],
    ['WELCOME-11', 0],
    ['WEL--COME10', 0],
    ['-WELCOME-10', 0],
    ['WELCOME 10', 0],
    ['WELCOME-10.', 0],
    ["x'; DROP TABLE pricing.coupons; --", 0],
  ] as const)('"%s" takes %i percent off', async ([code, percent]) => {
    variants['coupon-matching'] = variant
    expect(await ask(code)).toMatchObject({ status: 200, unitCents: less(percent) })
  })
})

test('takes nothing off what a tier already gets for less, and more where that is little', async () => {
  expect((await ask(welcome.code, 'business', 20)).unitCents).toBe(less(12))
  expect((await ask(welcome.code, 'business', 5)).unitCents).toBe(less(10))
  expect((await ask(spring.code, 'gold')).unitCents).toBe(less(5))
  expect((await ask(undefined, 'gold')).unitCents).toBe(less(3))
})

test.for(['', 'x'.repeat(61), 'a\0b', 'caf\u00e9', null, 7, ['WELCOME-10']])(
  'answers 400 for %j as a coupon',
  async (coupon) => {
    expect((await ask(coupon)).status).toBe(400)
  },
)

test('a checkout pays what the coupon leaves, and a quote says so before', async () => {
  const { as, send, placeOrder, ledger } = theShop()
  const headers = await as('u004')
  const cart = await send('POST', '/api/carts', { lines: cartOf('glass-jar'), coupon: welcome.code }, headers)

  expect(cart).toMatchObject({ status: 201, body: { coupon: welcome.code } })
  const cartId = String(cart.body.cartId)
  expect((await send('GET', `/api/checkout?cart=${cartId}`, undefined, headers)).body.totalCents).toBe(less(10))
  const order = await placeOrder(cartId, { userId: 'u004' })
  expect(order).toMatchObject({ status: 201, body: { totalCents: less(10) } })
  expect(await text(ledger.read())).toContain(`"amountCents":${less(10)}`)
})

test('a coupon with a full stop is refused at once, and keeps nobody waiting', async () => {
  variants['coupon-matching'] = 'linear'
  const [refused, other] = await Promise.all([ask(`${spring.code}.`), ask()])

  expect(refused.unitCents).toBe(list)
  expect(refused.tookMs).toBeLessThan(500)
  expect(other.tookMs).toBeLessThan(500)
})

test('tried in every way, it is refused after most of a second, and whoever asks meanwhile waits as long', async () => {
  variants['coupon-matching'] = 'backtracking'
  const [refused, other] = await Promise.all([ask(`${spring.code}.`), ask()])

  expect(refused.unitCents).toBe(list)
  expect(refused.tookMs).toBeGreaterThan(600)
  expect(other).toMatchObject({ unitCents: list })
  expect(other.tookMs).toBeGreaterThan(500)
})

// One visit: what is sent when and with which headers, and what becomes of the answer.
import { expect, test } from 'vitest'
import { createClient } from '../../loadtest/client.ts'
import { type Arrival, plan } from '../../loadtest/plan.ts'
import { everyday, proof } from '../../loadtest/profiles.ts'
import { createSessions } from '../../loadtest/sessions.ts'
import { visit } from '../../loadtest/visit.ts'
import { startFakeShop, traceIdOf } from '../helpers/fake-shop.ts'
import { arrivalsAt, never, outcomesOf } from '../helpers/playing.ts'

test('sends the cart ahead of time and the checkout when it is due', async () => {
  const shop = await startFakeShop()
  const [outcome] = await outcomesOf(arrivalsAt(20, 0.05), shop.url, { aheadMs: 300 })
  const [cart] = shop.seen('POST /api/carts')
  const [checkout] = shop.seen('POST /api/checkout')
  expect((checkout?.atMs ?? 0) - (cart?.atMs ?? 0)).toBeGreaterThan(100)
  expect(cart?.body).toEqual({ lines: outcome?.arrival.persona.lines })
  expect(checkout?.body).toEqual({ cartId: expect.stringMatching(/^cart-/) })
})

test('puts a coupon into the cart where the visitor has one', async () => {
  const shop = await startFakeShop()
  const coupons = { share: 0, miscopiedShare: 1 }
  const outcomes = await outcomesOf(plan({ ...proof, coupons, durationSeconds: 0.2 }, 7), shop.url, { aheadMs: 100 })
  expect(outcomes.map(({ arrival }) => arrival.persona.coupon)).toContainEqual(expect.stringMatching(/\.$/))
  const sent = shop.seen('POST /api/carts').map(({ body }) => body)
  for (const { arrival } of outcomes) {
    const { lines, coupon } = arrival.persona
    expect(sent).toContainEqual(coupon === undefined ? { lines } : { lines, coupon })
  }
})

test('counts latency from the intended start when the cart was not ready in time', async () => {
  const shop = await startFakeShop({ cartMs: 400, checkoutMs: 50 })
  const [outcome] = await outcomesOf(arrivalsAt(20, 0.05), shop.url, { aheadMs: 100 })
  expect(outcome?.startLagMs).toBeGreaterThan(290)
  expect(outcome?.isUnprepared).toBe(true)
  expect(outcome?.requestMs).toBeLessThan(280)
  expect(outcome?.latencyMs).toBeCloseTo((outcome?.startLagMs ?? 0) + (outcome?.requestMs ?? 0), 5)
})

test('a player that began too late is late itself, however quick the shop was with the cart', async () => {
  const shop = await startFakeShop()
  using client = createClient(shop.url, 5000)
  const deps = { client, sessions: createSessions(client, new Map()), run: 'late', aheadMs: 1000, signal: never() }
  const outcome = await visit(arrivalsAt(20, 0.05)[0] as Arrival, performance.now() - 300, deps)
  expect(outcome?.startLagMs).toBeGreaterThanOrEqual(300)
  expect(outcome?.isUnprepared).toBeUndefined()
})

test('counts the whole of a slow checkout as latency', async () => {
  const shop = await startFakeShop({ checkoutMs: 300 })
  const [outcome] = await outcomesOf(arrivalsAt(20, 0.05), shop.url, { aheadMs: 1000 })
  expect(outcome?.requestMs).toBeGreaterThan(295)
  expect(outcome?.isUnprepared).toBeUndefined()
  expect(outcome?.latencyMs).toBeGreaterThanOrEqual(outcome?.requestMs ?? Number.NaN)
})

test('passes on the shop’s error code', async () => {
  const shop = await startFakeShop({ declines: true })
  const [outcome] = await outcomesOf(arrivalsAt(20, 0.05), shop.url, { aheadMs: 50 })
  expect(outcome).toMatchObject({ status: 402, code: 'card_declined' })
})

test('reads the trace id from traceresponse', async () => {
  const shop = await startFakeShop()
  const [outcome] = await outcomesOf(arrivalsAt(20, 0.05), shop.url, { aheadMs: 50 })
  expect(outcome?.traceId).toBe(traceIdOf(shop.requests.length))
  expect(outcome?.orderId).toMatch(/^order-/)
  expect(outcome?.isUntraced).toBeUndefined()
})

test('knows when the shop does not record the trace', async () => {
  const shop = await startFakeShop({ isUntraced: true })
  const [outcome] = await outcomesOf(arrivalsAt(20, 0.05), shop.url, { aheadMs: 50 })
  expect(outcome).toMatchObject({ traceId: traceIdOf(shop.requests.length), isUntraced: true })
})

test('sends persona and run as baggage, an idempotency key of its own, and no traceparent', async () => {
  const shop = await startFakeShop()
  const outcomes = await outcomesOf(arrivalsAt(50, 0.4), shop.url, { aheadMs: 50, run: 'r1' })
  expect(outcomes).toHaveLength(20)
  for (const { headers } of shop.requests) {
    expect(headers.traceparent).toBeUndefined()
    expect(headers.baggage).toMatch(/^shop\.persona=(consumer|business),shop\.run=r1$/)
  }
  const keys = shop.seen('POST /api/checkout').map(({ headers }) => headers['idempotency-key'])
  expect(new Set(keys).size).toBe(20)
})

test('signs a user in once, and again when the shop has forgotten the session', async () => {
  const shop = await startFakeShop()
  const tokens = new Map<string, string>()
  const same = arrivalsAt(20, 0.05)
  await outcomesOf(same, shop.url, { aheadMs: 50, tokens })
  await outcomesOf(same, shop.url, { aheadMs: 50, tokens })
  expect(shop.seen('POST /api/session')).toHaveLength(1)
  shop.forgetSessions()
  const [outcome] = await outcomesOf(same, shop.url, { aheadMs: 50, tokens })
  expect(outcome?.status).toBe(201)
  expect(shop.seen('POST /api/session')).toHaveLength(2)
})

test('plays every journey', async () => {
  const shop = await startFakeShop()
  const outcomes = await outcomesOf(plan({ ...everyday, durationSeconds: 1 }, 7), shop.url, { aheadMs: 50 })
  expect(new Set(outcomes.map((outcome) => `${outcome.arrival.journey} ${outcome.status}`))).toEqual(
    new Set(['checkout 201', 'quote 200', 'browse 200']),
  )
})

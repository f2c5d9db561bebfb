// The checkout as a customer sees it, over real HTTP and real Postgres.
import { createHash, randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { eventually } from '../helpers/eventually.ts'
import { startRefusingServer, startSilentServer } from '../helpers/misbehaving.ts'
import { cartOf, startShop } from '../helpers/shop.ts'

test('places an order: stock is reserved then sold, money authorised then captured, and the books agree', async () => {
  const shop = await startShop()

  const { status, body } = await shop.checkout(cartOf('enamel-mug', 'felt-lamp'))

  expect(status).toBe(201)
  expect(body).toMatchObject({ status: 'placed', currency: 'EUR', reason: null })
  const [stock] = await shop.query(`SELECT reserved + sold AS gone FROM inventory.stock WHERE sku = 'enamel-mug'`)
  expect(stock?.gone).toBe(1)
  await eventually('the order is settled', async () => {
    const [row] = await shop.query(
      `SELECT a.state AS money, r.state AS stock FROM payment.authorisations a
      JOIN inventory.reservations r USING (order_id) WHERE order_id = $1`,
      [body.orderId],
    )
    expect(row).toEqual({ money: 'captured', stock: 'confirmed' })
  })
  expect(await shop.audit()).toMatchObject({ placed: 1, violations: [] })
})

test('gives the same order for the same key, and refuses the key for another cart', async () => {
  const shop = await startShop()
  const cartId = await shop.addCart(cartOf('enamel-mug'))
  const first = await shop.placeOrder(cartId, { key: 'k1' })

  const second = await shop.placeOrder(cartId, { key: 'k1' })
  const other = await shop.placeOrder(await shop.addCart(cartOf('felt-lamp')), { key: 'k1' })

  expect(second.status).toBe(200)
  expect(second.body).toEqual(first.body)
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
  expect(await shop.audit()).toMatchObject({ placed: 1, violations: [] })
})

test('places one order when ten requests race with one key', async () => {
  const shop = await startShop()
  const cartId = await shop.addCart(cartOf('enamel-mug'))

  const answers = await Promise.all(Array.from({ length: 10 }, () => shop.placeOrder(cartId, { key: 'race' })))

  const statuses = new Set(answers.map((answer) => answer.status))
  expect([...statuses].every((status) => [200, 201, 409].includes(status))).toBe(true)
  expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1)
  expect(await shop.audit()).toMatchObject({ placed: 1, violations: [] })
})

test('answers 409 out_of_stock, cancels the order and holds nothing', async () => {
  const shop = await startShop()

  const { status, body } = await shop.checkout(cartOf('enamel-mug', 'limited-mug'))

  expect(status).toBe(409)
  expect(body).toMatchObject({ code: 'out_of_stock', message: 'No stock left for limited-mug.' })
  expect(await shop.audit()).toMatchObject({ placed: 0, cancelled: 1, violations: [] })
})

test('answers 402 card_declined, gives the stock back, and says the same when asked again with the key', async () => {
  const shop = await startShop()
  const cartId = await shop.addCart(cartOf('enamel-mug'), 'u250')

  const first = await shop.placeOrder(cartId, { userId: 'u250', key: 'broke' })
  const again = await shop.placeOrder(cartId, { userId: 'u250', key: 'broke' })

  expect(first).toMatchObject({ status: 402, body: { code: 'card_declined' } })
  expect(again).toMatchObject({ status: 409, body: { code: 'order_cancelled' } })
  expect(again.body.message).toContain('card_declined')
  expect(await shop.audit()).toMatchObject({ cancelled: 1, violations: [] })
})

test('answers 502 payment_unavailable and frees the stock when payment refuses connections', async () => {
  const shop = await startShop({ paymentUrls: [await startRefusingServer()], sweeps: true })

  const { status, body } = await shop.checkout(cartOf('enamel-mug'))

  expect({ status, code: body.code }).toEqual({ status: 502, code: 'payment_unavailable' })
  const [stock] = await shop.query(`SELECT reserved FROM inventory.stock WHERE sku = 'enamel-mug'`)
  expect(stock).toEqual({ reserved: 0 })
})

test('answers 504 in time when payment is silent, and leaves the rest to the sweeper', async () => {
  const shop = await startShop({ paymentUrls: [await startSilentServer()], checkoutDeadlineMs: 300 })
  const startedAt = performance.now()

  const { status, body } = await shop.checkout(cartOf('enamel-mug'))

  expect({ status, code: body.code }).toEqual({ status: 504, code: 'deadline_exceeded' })
  expect(performance.now() - startedAt).toBeLessThan(3_000)
  const [order] = await shop.query('SELECT state FROM api.orders')
  expect(order).toEqual({ state: 'unwinding' })
})

test('tries another instance of payment when one is gone', async () => {
  const real = await startShop()
  const shop = await startShop({ paymentUrls: [await startRefusingServer(), real.urls.payment] })

  const answers = [await shop.checkout(cartOf('enamel-mug')), await shop.checkout(cartOf('enamel-mug'))]

  expect(answers.map((answer) => answer.status)).toEqual([201, 201])
})

test('places orders although the bank has to be asked again now and then', async () => {
  const shop = await startShop({ hiccupProbability: 0.3 })

  for (let i = 0; i < 10; i++) await shop.checkout(cartOf('enamel-mug'))

  expect(await shop.audit()).toMatchObject({ violations: [] })
})

test('finishes what a crashed checkout left: the sweeper undoes it and the key then gets a clear answer', async () => {
  const shop = await startShop({ sweeps: true })
  const cartId = await shop.addCart(cartOf('enamel-mug'))
  await shop.query(
    `INSERT INTO api.orders (id, user_id, cart_id, idempotency_key, request_hash, state, deadline_at)
     VALUES ($1, 'u002', $2, 'crashed', $3, 'pending', now() - interval '1 minute')`,
    [randomUUID(), cartId, createHash('sha256').update(cartId).digest('hex')],
  )

  await eventually('the order is cancelled', async () => {
    expect(await shop.audit()).toMatchObject({ cancelled: 1, violations: [] })
  })
  const again = await shop.placeOrder(cartId, { key: 'crashed' })
  expect(again).toMatchObject({ status: 409, body: { code: 'order_cancelled' } })
})

test('quotes a cart without writing anything', async () => {
  const shop = await startShop()
  const cartId = await shop.addCart(cartOf('enamel-mug', 'limited-mug'))
  const counts = `SELECT (SELECT count(*) FROM api.orders)::int AS orders,
    (SELECT count(*) FROM inventory.reservations)::int AS reservations,
    (SELECT count(*) FROM payment.authorisations)::int AS authorisations`

  const quote = await shop.send('GET', `/api/checkout?cart=${cartId}`, undefined, await shop.as('u002'))

  expect(quote.status).toBe(200)
  expect(quote.body).toMatchObject({ currency: 'EUR', unavailable: ['limited-mug'], eligible: true })
  expect(await shop.query(counts)).toEqual([{ orders: 0, reservations: 0, authorisations: 0 }])
})

test('lets customers see their own orders and carts only', async () => {
  const shop = await startShop()
  const cartId = await shop.addCart(cartOf('enamel-mug'))
  const { body } = await shop.placeOrder(cartId)

  const mine = await shop.send('GET', `/api/orders/${body.orderId}`, undefined, await shop.as('u002'))
  const theirs = await shop.send('GET', `/api/orders/${body.orderId}`, undefined, await shop.as('u003'))
  const theirCart = await shop.placeOrder(cartId, { userId: 'u003' })

  expect(mine.body).toEqual(body)
  expect(theirs).toMatchObject({ status: 404, body: { code: 'no_such_order' } })
  expect(theirCart).toMatchObject({ status: 404, body: { code: 'no_such_cart' } })
})

test('lists what there is, with prices', async () => {
  const shop = await startShop()

  const { body } = await shop.send('GET', '/api/products')

  const products = body.products as { sku: string; priceCents: number; available: number }[]
  expect(products).toHaveLength(203)
  expect(products[0]).toMatchObject({ sku: 'enamel-mug', available: 1_000_000 })
  expect(products.every((product) => product.priceCents > 0)).toBe(true)
})

test.for([
  ['no token', {}],
  ['a forged token', { authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1MDAyIn0.AAAA' }],
  ['an unsigned token', { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1MDAyIn0.' }],
  ['another scheme', { authorization: 'Basic dTAwMjp4' }],
] as const)('answers 401 for %s', async ([, headers]) => {
  const shop = await startShop({ consumes: false })

  const answer = await shop.send('POST', '/api/carts', { lines: cartOf('enamel-mug') }, headers)

  expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
})

test('prices a business customer by what was agreed, and a gold customer a little lower', async () => {
  const shop = await startShop({ consumes: false })
  const lines = [{ sku: 'enamel-mug', quantity: 20 }]
  const totalOf = async (userId: string) => (await shop.checkout(lines, { userId })).body.totalCents

  const [standard, gold, business] = [await totalOf('u003'), await totalOf('u002'), await totalOf('u001')]

  expect(Number(gold) / Number(standard)).toBeCloseTo(0.97, 2)
  expect(Number(business) / Number(standard)).toBeCloseTo(0.88, 2)
})

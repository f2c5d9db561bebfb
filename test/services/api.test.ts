// The checkout as a customer sees it, over real HTTP and real Postgres.
import { createHash, randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { eventually } from '../helpers/eventually.ts'
import { startRefusingServer, startSilentServer } from '../helpers/misbehaving.ts'
import { cartOf, type Lines, shareShop, startShop } from '../helpers/shop.ts'

const theShop = shareShop({ sweeps: true })

test('places an order: stock is reserved then sold, money authorised then captured, and the books agree', async () => {
  const shop = theShop()

  const { status, body } = await shop.checkout(cartOf('enamel-apron', 'felt-lamp'))

  expect(status).toBe(201)
  expect(body).toMatchObject({ status: 'placed', currency: 'EUR', reason: null })
  const [stock] = await shop.query(`SELECT reserved + sold AS gone FROM inventory.stock WHERE sku = 'enamel-apron'`)
  expect(stock?.gone).toBe(1)
  await eventually('the order is settled', async () => {
    const [row] = await shop.query(
      `SELECT a.state AS money, r.state AS stock FROM payment.authorisations a
      JOIN inventory.reservations r USING (order_id) WHERE order_id = $1`,
      [body.orderId],
    )
    expect(row).toEqual({ money: 'captured', stock: 'confirmed' })
  })
  expect(await shop.audit()).toMatchObject({ violations: [] })
})

test('gives the same order for the same key, and refuses the key for another cart', async () => {
  const shop = theShop()
  const cartId = await shop.addCart(cartOf('enamel-mug'))
  const first = await shop.placeOrder(cartId, { key: 'k1' })

  const second = await shop.placeOrder(cartId, { key: 'k1' })
  const other = await shop.placeOrder(await shop.addCart(cartOf('felt-lamp')), { key: 'k1' })

  expect(second.status).toBe(200)
  expect(second.body).toEqual(first.body)
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
  expect(await ordersOf('k1')).toEqual([{ state: 'placed', failure_code: null }])
})

test('places one order when ten requests race with one key', async () => {
  const shop = theShop()
  const cartId = await shop.addCart(cartOf('enamel-mug'))

  const answers = await Promise.all(Array.from({ length: 10 }, () => shop.placeOrder(cartId, { key: 'race' })))

  const statuses = new Set(answers.map((answer) => answer.status))
  expect([...statuses].every((status) => [200, 201, 409].includes(status))).toBe(true)
  expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1)
  expect(await ordersOf('race')).toEqual([{ state: 'placed', failure_code: null }])
  expect(await shop.audit()).toMatchObject({ violations: [] })
})

test('lets two customers use the same key for orders of their own', async () => {
  const shop = theShop()

  const answers = [
    await shop.checkout(cartOf('enamel-mug'), { userId: 'u002', key: 'popular' }),
    await shop.checkout(cartOf('enamel-mug'), { userId: 'u003', key: 'popular' }),
  ]

  expect(answers.map((answer) => answer.status)).toEqual([201, 201])
  expect(answers[0]?.body.orderId).not.toBe(answers[1]?.body.orderId)
})

test('answers 409 out_of_stock, cancels the order and holds nothing', async () => {
  const shop = theShop()

  const { status, body } = await shop.checkout(cartOf('enamel-mug', 'limited-mug'), { key: 'last-mug' })

  expect(status).toBe(409)
  expect(body).toMatchObject({ code: 'out_of_stock', message: 'No stock left for limited-mug.' })
  expect(await ordersOf('last-mug')).toEqual([{ state: 'cancelled', failure_code: 'out_of_stock' }])
  expect(await shop.audit()).toMatchObject({ violations: [] })
})

test('answers 422 unknown_product for a cart with something nobody sells, and holds nothing', async () => {
  const shop = theShop()

  const { status, body } = await shop.checkout(cartOf('enamel-mug', 'moon-rock'), { key: 'moon' })

  expect({ status, code: body.code, message: body.message }).toEqual({
    status: 422,
    code: 'unknown_product',
    message: 'There is no product moon-rock.',
  })
  expect(await ordersOf('moon')).toEqual([{ state: 'cancelled', failure_code: 'unknown_product' }])
})

test('answers 402 card_declined, gives the stock back, and says the same when asked again with the key', async () => {
  const shop = theShop()
  const cartId = await shop.addCart(cartOf('enamel-mug'), 'u250')

  const first = await shop.placeOrder(cartId, { userId: 'u250', key: 'broke' })
  const again = await shop.placeOrder(cartId, { userId: 'u250', key: 'broke' })

  expect(first).toMatchObject({ status: 402, body: { code: 'card_declined' } })
  expect(again).toMatchObject({ status: 409, body: { code: 'order_cancelled' } })
  expect(again.body.message).toContain('card_declined')
  expect(await ordersOf('broke')).toEqual([{ state: 'cancelled', failure_code: 'card_declined' }])
  expect(await shop.audit()).toMatchObject({ violations: [] })
})

test('refuses a cart that costs more than any card may be charged, and holds nothing', async () => {
  const shop = theShop()
  const { body } = await shop.send('GET', '/api/products')
  const skus = (body.products as { sku: string; available: number }[]).filter(({ available }) => available > 10_000)
  const lines: Lines = skus.slice(0, 100).map(({ sku }) => ({ sku, quantity: 10_000 }))

  const answer = await shop.checkout(lines, { key: 'everything' })

  expect(answer).toMatchObject({ status: 422, body: { code: 'total_too_high' } })
  expect(await ordersOf('everything')).toEqual([{ state: 'cancelled', failure_code: 'total_too_high' }])
  expect(await shop.audit()).toMatchObject({ violations: [] })
})

test('answers 502 payment_unavailable and frees the stock when payment refuses connections', async () => {
  const refusing = await startRefusingServer()
  const shop = await startShop({ paymentUrls: () => [refusing] })

  const { status, body } = await shop.checkout(cartOf('enamel-mug'))

  expect({ status, code: body.code }).toEqual({ status: 502, code: 'payment_unavailable' })
  // Stock and money are given back side by side, and the customer need not wait for the one that still works.
  await eventually('the stock is free', async () => {
    const [stock] = await shop.query(`SELECT reserved FROM inventory.stock WHERE sku = 'enamel-mug'`)
    expect(stock).toEqual({ reserved: 0 })
  })
})

test('answers 504 in time when payment is silent, and leaves the rest to the sweeper', async () => {
  const silent = await startSilentServer()
  const shop = await startShop({ paymentUrls: () => [silent], checkoutDeadlineMs: 300 })
  const startedAt = performance.now()

  const { status, body } = await shop.checkout(cartOf('enamel-mug'))

  expect({ status, code: body.code }).toEqual({ status: 504, code: 'deadline_exceeded' })
  expect(performance.now() - startedAt).toBeLessThan(3_000)
  const [order] = await shop.query('SELECT state FROM api.orders')
  expect(order).toEqual({ state: 'unwinding' })
})

test('tries another instance of payment when one is gone', async () => {
  const refusing = await startRefusingServer()
  const shop = await startShop({ paymentUrls: (own) => [refusing, own] })

  const answers = [await shop.checkout(cartOf('enamel-mug')), await shop.checkout(cartOf('enamel-mug'))]

  expect(answers.map((answer) => answer.status)).toEqual([201, 201])
  expect(await shop.audit()).toMatchObject({ placed: 2, violations: [] })
})

test('places orders although the bank has to be asked again now and then', async () => {
  const shop = await startShop({ hiccupProbability: 0.2, consumes: false })

  const statuses: number[] = []
  for (let i = 0; i < 10; i++) statuses.push((await shop.checkout(cartOf('enamel-mug'))).status)

  expect(statuses).toEqual(Array(10).fill(201))
  expect(await shop.audit()).toMatchObject({ placed: 10, violations: [] })
})

test('finishes what a crashed checkout left: the sweeper undoes it and the key then gets a clear answer', async () => {
  const shop = theShop()
  const cartId = await shop.addCart(cartOf('enamel-mug'))
  await shop.query(
    `INSERT INTO api.orders (id, user_id, cart_id, idempotency_key, request_hash, state, deadline_at)
     VALUES ($1, 'u002', $2, 'crashed', $3, 'pending', now() - interval '1 minute')`,
    [randomUUID(), cartId, createHash('sha256').update(cartId).digest('hex')],
  )

  await eventually('the order is cancelled', async () => {
    expect(await ordersOf('crashed')).toEqual([{ state: 'cancelled', failure_code: 'deadline_exceeded' }])
  })
  expect(await shop.audit()).toMatchObject({ violations: [] })
  const again = await shop.placeOrder(cartId, { key: 'crashed' })
  expect(again).toMatchObject({ status: 409, body: { code: 'order_cancelled' } })
})

test('quotes a cart without writing anything', async () => {
  const shop = theShop()
  const cartId = await shop.addCart(cartOf('enamel-mug', 'limited-mug'))
  const counts = `SELECT (SELECT count(*) FROM api.orders)::int AS orders,
    (SELECT count(*) FROM inventory.reservations)::int AS reservations,
    (SELECT count(*) FROM payment.authorisations)::int AS authorisations`
  const before = await shop.query(counts)

  const quote = await shop.send('GET', `/api/checkout?cart=${cartId}`, undefined, await shop.as('u002'))

  expect(quote.status).toBe(200)
  expect(quote.body).toMatchObject({ currency: 'EUR', unavailable: ['limited-mug'], eligible: true })
  expect(await shop.query(counts)).toEqual(before)
})

test('lets customers see their own orders and carts only', async () => {
  const shop = theShop()
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
  const shop = theShop()

  const { body } = await shop.send('GET', '/api/products')

  const products = body.products as { sku: string; priceCents: number; available: number }[]
  expect(products).toHaveLength(203)
  expect(products[0]).toMatchObject({ sku: 'enamel-mug', name: 'Enamel mug' })
  expect(products.find(({ sku }) => sku === 'ceramic-tray')).toMatchObject({ available: 1_000_000 })
  expect(products.every((product) => product.priceCents > 0)).toBe(true)
})

test.for([
  ['no token', {}],
  ['a forged token', { authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1MDAyIn0.AAAA' }],
  ['an unsigned token', { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1MDAyIn0.' }],
  ['another scheme', { authorization: 'Basic dTAwMjp4' }],
] as const)('answers 401 for %s', async ([, headers]) => {
  const shop = theShop()

  const answer = await shop.send('POST', '/api/carts', { lines: cartOf('enamel-mug') }, headers)

  expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
})

test('prices a business customer by what was agreed, and a gold customer a little lower', async () => {
  const shop = theShop()
  const lines = [{ sku: 'enamel-mug', quantity: 20 }]
  const totalOf = async (userId: string) => (await shop.checkout(lines, { userId })).body.totalCents

  const [standard, gold, business] = [await totalOf('u003'), await totalOf('u002'), await totalOf('u001')]

  expect(Number(gold) / Number(standard)).toBeCloseTo(0.97, 2)
  expect(Number(business) / Number(standard)).toBeCloseTo(0.88, 2)
})

/** What became of the orders placed with a key. */
const ordersOf = (key: string) =>
  theShop().query('SELECT state, failure_code FROM api.orders WHERE idempotency_key = $1', [key])

test('one order that cannot be undone does not keep the sweeper from the others', async () => {
  const stubborn = randomUUID()
  const shop = await startShop({ sweeps: true })
  const cartId = await shop.addCart(cartOf('enamel-mug'))
  const left = (id: string, key: string, sinceMinutes: number) =>
    shop.query(
      `INSERT INTO api.orders (id, user_id, cart_id, idempotency_key, request_hash, state, deadline_at)
       VALUES ($1, 'u002', $2, $3, '', 'unwinding', now() - $4 * interval '1 minute')`,
      [id, cartId, key, sinceMinutes],
    )
  await shop.query(
    `INSERT INTO payment.authorisations (order_id, user_id, amount_cents, state, bank_reference)
     VALUES ($1, 'u002', 100, 'captured', 'x')`,
    [stubborn],
  )
  await left(stubborn, 'stubborn', 2)
  await left(randomUUID(), 'willing', 1)

  await eventually('the other order is cancelled', async () => {
    const rows = await shop.query('SELECT idempotency_key AS key, state FROM api.orders ORDER BY key')
    expect(rows).toEqual([
      { key: 'stubborn', state: 'unwinding' },
      { key: 'willing', state: 'cancelled' },
    ])
  })
})

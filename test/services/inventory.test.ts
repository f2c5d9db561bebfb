// Reservations under everything that may happen to them: twice, at once, too late, in opposite order, with nothing left.
import { randomUUID } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import { confirm } from '../../services/inventory/settle.ts'
import { createSignals } from '../../services/inventory/signals.ts'
import { createStore } from '../../services/inventory/store.ts'
import { products } from '../../services/kit/seed.ts'
import { openDatabase } from '../../services/kit/store/database.ts'
import { type Answer, cartOf, createClient, type Lines, shareShop, silentLog } from '../helpers/shop.ts'

const variants: Record<string, string> = {}
const theShop = shareShop({ variants, consumes: false })

const send = (...request: Parameters<ReturnType<typeof createClient>['send']>) =>
  createClient(theShop().urls.inventory).send(...request)
const reserve = (lines: Lines, { orderId = randomUUID() as string, tier = 'standard' } = {}) =>
  send('POST', '/reservations', { orderId, lines, tier })
const release = (orderId: string) => send('DELETE', `/reservations/${orderId}`)

test('takes every line of a cart and says what it costs', async () => {
  const orderId = randomUUID()
  const lines = [
    { sku: 'linen-mug', quantity: 3 },
    { sku: 'linen-lamp', quantity: 2 },
  ]

  const { status, body } = await reserve(lines, { orderId })

  expect(status).toBe(201)
  const total = lines.reduce((sum, { sku, quantity }) => sum + priceOf(sku) * quantity, 0)
  expect(body).toMatchObject({ orderId, quote: { currency: 'EUR', totalCents: total, lines } })
  expect([await stockOf('linen-mug'), await stockOf('linen-lamp')]).toEqual([
    { reserved: 3, sold: 0 },
    { reserved: 2, sold: 0 },
  ])
})

test('takes nothing when one line cannot be had, and the order may come again', async () => {
  const orderId = randomUUID()

  const first = await reserve(cartOf('linen-kettle', 'limited-lamp'), { orderId })
  const second = await reserve(cartOf('linen-kettle'), { orderId })

  expect(first).toMatchObject({
    status: 409,
    body: { code: 'out_of_stock', message: 'No stock left for limited-lamp.' },
  })
  expect(second.status).toBe(201)
  expect(await stockOf('linen-kettle')).toEqual({ reserved: 1, sold: 0 })
})

test('a release before its reservation leaves a mark, and the late reservation is refused', async () => {
  const orderId = randomUUID()

  const released = await release(orderId)
  const late = await reserve(cartOf('linen-bottle'), { orderId })

  expect(released).toMatchObject({ status: 200, body: { orderId, state: 'released' } })
  expect(late).toMatchObject({ status: 409, body: { code: 'order_closed' } })
  expect(late.body.message).toContain(orderId)
  expect(await stockOf('linen-bottle')).toEqual({ reserved: 0, sold: 0 })
})

test('a reservation asked for twice is one reservation with one answer', async () => {
  const orderId = randomUUID()

  const first = await reserve(cartOf('linen-basket'), { orderId })
  const second = await reserve(cartOf('linen-basket'), { orderId })

  expect(second).toMatchObject({ status: 201, body: first.body })
  expect(await stockOf('linen-basket')).toEqual({ reserved: 1, sold: 0 })
})

test('a release twice gives the pieces back once, also when both come at once', async () => {
  const orderId = randomUUID()
  await reserve([{ sku: 'linen-teapot', quantity: 5 }])
  await reserve([{ sku: 'linen-teapot', quantity: 2 }], { orderId })

  const answers = [...(await Promise.all([release(orderId), release(orderId)])), await release(orderId)]

  expect(answers.map(({ body }) => body.state)).toEqual(['released', 'released', 'released'])
  expect(await stockOf('linen-teapot')).toEqual({ reserved: 5, sold: 0 })
})

test('confirming twice sells the pieces once, and a release after that changes nothing', async () => {
  const orderId = randomUUID()
  const settle = settleDeps()
  await reserve([{ sku: 'linen-bowl', quantity: 4 }], { orderId })

  await Promise.all([confirm(placed(orderId), settle), confirm(placed(orderId), settle)])
  await confirm(placed(orderId), settle)
  const released = await release(orderId)

  expect(released).toMatchObject({ status: 200, body: { state: 'confirmed' } })
  expect(await stockOf('linen-bowl')).toEqual({ reserved: 0, sold: 4 })
})

test('confirming what was released, or never reserved, sells nothing', async () => {
  const orderId = randomUUID()
  const settle = settleDeps()
  await reserve(cartOf('linen-clock'), { orderId })
  await release(orderId)

  await confirm(placed(orderId), settle)
  await confirm(placed(randomUUID()), settle)

  expect(await stockOf('linen-clock')).toEqual({ reserved: 0, sold: 0 })
})

test('an order that is given up while it is being reserved holds nothing in the end', async () => {
  for (let round = 0; round < 15; round++) {
    const orderId = randomUUID()
    const [reserved, released] = await Promise.all([reserve(cartOf('linen-jar'), { orderId }), release(orderId)])

    expect([201, 409]).toContain(reserved.status)
    expect(released).toMatchObject({ status: 200, body: { state: 'released' } })
  }
  expect(await stockOf('linen-jar')).toEqual({ reserved: 0, sold: 0 })
})

describe.for(['narrow', 'across-pricing'])('with reservation-locking %s', (variant) => {
  const make = variant === 'narrow' ? 'walnut' : 'steel'

  test('an order that is reserved by two requests at once takes its stock once', async () => {
    using _ = locking(variant)
    const orderId = randomUUID()

    const answers = await Promise.all(Array.from({ length: 5 }, () => reserve(cartOf(`${make}-mug`), { orderId })))

    for (const { body } of answers) expect(body).toEqual(answers[0]?.body)
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(201))
    expect(await stockOf(`${make}-mug`)).toEqual({ reserved: 1, sold: 0 })
  })

  test('20 carts with the same products in opposite order all get them', async () => {
    using _ = locking(variant)
    const cart = cartOf(...['lamp', 'kettle', 'bottle', 'basket', 'teapot'].map((thing) => `${make}-${thing}`))

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => reserve(i % 2 === 0 ? cart : cart.toReversed())),
    )

    expect(countOf(answers)).toEqual({ '201': 20 })
    expect(await stockOf(`${make}-teapot`)).toEqual({ reserved: 20, sold: 0 })
  })

  test('10 pieces are sold to 10 of 30 carts that race for them', async () => {
    using _ = locking(variant)
    await theShop().query('UPDATE inventory.stock SET initial = 10 WHERE sku = $1', [`${make}-stool`])

    const answers = await Promise.all(Array.from({ length: 30 }, () => reserve(cartOf(`${make}-stool`))))

    expect(countOf(answers)).toEqual({ '201': 10, out_of_stock: 20 })
    expect(await stockOf(`${make}-stool`)).toEqual({ reserved: 10, sold: 0 })
  })

  test('a cart with something nobody sells takes nothing', async () => {
    using _ = locking(variant)

    const answer = await reserve(cartOf(`${make}-tray`, 'moon-rock'))

    expect(answer).toMatchObject({ status: 422, body: { code: 'unknown_product' } })
    expect(answer.body.message).toBe('There is no product moon-rock.')
    expect(await stockOf(`${make}-tray`)).toEqual({ reserved: 0, sold: 0 })
  })
})

test.for(['standard', 'gold', 'business'])(
  'every way of locking and pricing gives a %s customer the same quote and stock',
  async (tier) => {
    const lines = ['mug', 'lamp', 'tray', 'jar'].map((thing, i) => ({ sku: `brass-${thing}`, quantity: 3 + 4 * i }))
    const taken = async (variant: string) => {
      using _ = locking(variant)
      const before = await Promise.all(lines.map(({ sku }) => stockOf(sku)))
      const { body } = await reserve(lines, { tier })
      const after = await Promise.all(lines.map(({ sku }) => stockOf(sku)))
      return {
        quote: body.quote,
        pieces: after.map((stock, i) => Number(stock?.reserved) - Number(before[i]?.reserved)),
      }
    }

    const narrow = await taken('narrow')

    expect(narrow.pieces).toEqual([3, 7, 11, 15])
    expect(await taken('across-pricing')).toEqual(narrow)
    variants['cart-pricing'] = 'line-by-line'
    onTestFinished(() => void delete variants['cart-pricing'])
    expect(await taken('narrow')).toEqual(narrow)
  },
)

test('a quote names the lines that are not there in that number, and takes nothing', async () => {
  await theShop().query(`UPDATE inventory.stock SET initial = 5 WHERE sku = 'cork-mug'`)
  const lines = [
    { sku: 'cork-mug', quantity: 6 },
    { sku: 'cork-lamp', quantity: 6 },
  ]

  const { status, body } = await send('POST', '/quotes', { lines, tier: 'standard' })

  expect(status).toBe(200)
  expect(body).toMatchObject({
    unavailable: ['cork-mug'],
    totalCents: 6 * (priceOf('cork-mug') + priceOf('cork-lamp')),
  })
  expect(await stockOf('cork-lamp')).toEqual({ reserved: 0, sold: 0 })
})

const placed = (orderId: string) => ({ type: 'order-placed', orderId }) as const

/** What the queue's consumer works with, on a connection of its own. */
function settleDeps() {
  const database = openDatabase(theShop().databaseUrl('inventory'), { poolMax: 2, log: silentLog })
  onTestFinished(() => database[Symbol.asyncDispose]())
  return { store: createStore(database), signals: createSignals(silentLog) }
}

async function stockOf(sku: string) {
  const [row] = await theShop().query('SELECT reserved, sold FROM inventory.stock WHERE sku = $1', [sku])
  return row
}

function locking(variant: string): Disposable {
  variants['reservation-locking'] = variant
  return { [Symbol.dispose]: () => delete variants['reservation-locking'] }
}

function countOf(answers: Answer[]): Record<string, number> {
  const kinds = Map.groupBy(answers, ({ status, body }) => String(status === 201 ? status : body.code))
  return Object.fromEntries([...kinds].map(([kind, group]) => [kind, group.length]))
}

const priceOf = (sku: string) => products.find((product) => product.sku === sku)?.priceCents ?? Number.NaN

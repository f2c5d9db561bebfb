// Beyond a limit of checkouts under way the next one hears at once that there is no room, and costs nobody anything.
import { describe, expect, test } from 'vitest'
import { createAdmission } from '../../services/api/admission.ts'
import { Overloaded } from '../../services/api/errors.ts'
import { eventually } from '../helpers/eventually.ts'
import { cartOf, startShop } from '../helpers/shop.ts'

describe('the shop', () => {
  test('answers 503 overloaded with Retry-After beyond its limit, writes nothing, and takes the same key later', async () => {
    const shop = await startShop({ mostUnderWay: 2, bankMedianMs: 400 })
    const keys = ['k1', 'k2', 'k3', 'k4', 'k5']
    const carts = await Promise.all(keys.map(() => shop.addCart(cartOf('enamel-mug'))))
    const buy = (n: number) => shop.placeOrder(carts[n] as string, { key: keys[n] as string })

    const answers = await Promise.all(keys.map((_, n) => buy(n)))

    const refused = answers.flatMap((answer, n) => (answer.status === 503 ? [{ answer, n }] : []))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2)
    expect(refused).toHaveLength(3)
    for (const { answer } of refused) {
      expect(answer.body).toMatchObject({
        code: 'overloaded',
        message: 'The shop is busy with 2 checkouts. Nothing was begun: ask again with the same key.',
      })
      expect(Object.keys(answer.body)).toEqual(['code', 'message', 'traceId'])
      expect(answer.headers.get('retry-after')).toBe('5')
    }
    expect(await shop.query('SELECT id FROM api.orders')).toHaveLength(2)
    for (const { n } of refused) expect((await buy(n)).status).toBe(201)
    await eventually('all orders are settled', async () => {
      const report = await shop.audit()
      expect(report).toMatchObject({ placed: 5, violations: [] })
    })
  })

  test('refuses before it asks who it is, and everything but checkouts goes on', async () => {
    const shop = await startShop({ mostUnderWay: 1, bankMedianMs: 400 })
    const cartId = await shop.addCart(cartOf('enamel-mug'))
    const first = shop.placeOrder(cartId)
    await eventually('the first one is under way', async () => {
      const stranger = await shop.send('POST', '/api/checkout', {})
      expect(stranger).toMatchObject({ status: 503, body: { code: 'overloaded' } })
    })

    expect((await shop.send('GET', '/api/products')).status).toBe(200)
    expect((await shop.send('GET', `/api/checkout?cart=${cartId}`, undefined, await shop.as('u002'))).status).toBe(200)
    expect((await first).status).toBe(201)
  })

  test('has room again after checkouts that failed, also for those who hung up before the answer', async () => {
    const shop = await startShop({ mostUnderWay: 1, bankMedianMs: 200 })
    expect((await shop.checkout(cartOf('limited-mug'))).status).toBe(409)
    expect((await shop.send('POST', '/api/checkout', {})).status).toBe(401)
    const cartId = await shop.addCart(cartOf('enamel-mug'))
    const headers = { ...(await shop.as('u002')), 'content-type': 'application/json', 'idempotency-key': 'gone' }

    const hungUp = fetch(new URL('/api/checkout', shop.urls.api), {
      method: 'POST',
      headers,
      body: JSON.stringify({ cartId }),
      signal: AbortSignal.timeout(80),
    })
    await expect(hungUp).rejects.toThrow()

    // What was begun goes on without its customer, and keeps its place until it is done.
    expect(await shop.placeOrder(cartId, { key: 'next' })).toMatchObject({ status: 503 })
    await eventually('the one that was left alone is done', async () => {
      expect((await shop.placeOrder(cartId, { key: 'gone' })).status).toBe(200)
    })
  })
})

describe('admission', () => {
  test('has as many places as it was given, however long the loop has been on time', () => {
    const { admission, enterAll } = admissionWith(10)
    for (let looks = 0; looks < 100; looks++) admission.look(0)

    expect(admission.places()).toBe(10)
    expect(enterAll(15)).toHaveLength(10)
    expect(() => admission.enter()).toThrow(Overloaded)
  })

  test('keeps its places while the loop is late for a moment only', () => {
    const { admission } = admissionWith(128)
    for (let looks = 0; looks < 20; looks++) admission.look(looks % 2 ? 500 : 1)

    expect(admission.places()).toBe(128)
  })

  test('while the loop keeps being late, has room for what gets done in 500 ms', () => {
    const { admission } = admissionWith(128)
    const second = () => {
      for (let half = 0; half < 2; half++) {
        for (let n = 0; n < 20; n++) admission.enter()[Symbol.dispose]()
        admission.look(30)
      }
    }
    for (let seconds = 0; seconds < 10; seconds++) second()

    expect(admission.places()).toBe(20)
  })

  test('leaves room for a few, whose pace tells how many it may be, when nothing gets done', () => {
    const { admission } = admissionWith(128)
    for (let looks = 0; looks < 10; looks++) admission.look(1_000)

    expect(admission.places()).toBe(8)
  })

  test('makes room for one more at each look that finds the loop on time', () => {
    const { admission } = admissionWith(128)
    for (let looks = 0; looks < 10; looks++) admission.look(1_000)
    for (let looks = 0; looks < 30; looks++) admission.look(2)
    expect(admission.places()).toBe(38)
    for (let looks = 0; looks < 200; looks++) admission.look(2)
    expect(admission.places()).toBe(128)
  })

  test('writes one line about all that were refused in 5 s', () => {
    const { admission, enterAll, told } = admissionWith(1)
    const held = enterAll(1)
    for (let looks = 0; looks < 20; looks++) {
      expect(enterAll(50)).toHaveLength(0)
      admission.look(0)
    }
    held[0]?.[Symbol.dispose]()
    for (let looks = 0; looks < 20; looks++) admission.look(0)

    expect(told.map(({ count }) => count)).toEqual([50, 500, 450])
    expect(told[0]).toEqual({ count: 50, underWay: 1, places: 1 })
  })
})

function admissionWith(mostUnderWay: number) {
  const told: { count: number; underWay: number; places: number }[] = []
  const refused = (count: number, underWay: number, places: number) => void told.push({ count, underWay, places })
  const admission = createAdmission({ mostUnderWay, signals: { refused } })
  /** Those that got a place. */
  const enterAll = (wanted: number): Disposable[] =>
    Array.from({ length: wanted }, () => {
      try {
        return admission.enter()
      } catch {
        return undefined
      }
    }).filter((place) => place !== undefined)
  return { admission, enterAll, told }
}

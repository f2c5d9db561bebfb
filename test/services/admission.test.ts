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

  test('while more come than get done and the loop is late, has room for what gets done in 400 ms', () => {
    const { admission, half } = admissionWith(128)
    for (let looks = 0; looks < 100; looks++) half({ come: 60, done: 20, lagMs: 30 })

    expect(admission.places()).toBe(16)
  })

  test('has all its places when others make the loop late and everything gets done all the same', () => {
    const { admission, half } = admissionWith(128)
    for (let looks = 0; looks < 100; looks++) expect(half({ come: 10, done: 20, lagMs: 200 })).toBe(0)

    expect(admission.places()).toBe(128)
  })

  test('has all its places while nothing gets done for a second and a half', () => {
    const { admission, half } = admissionWith(128)
    for (let looks = 0; looks < 40; looks++) half({ come: 10, done: 10, lagMs: 2 })
    for (let looks = 0; looks < 3; looks++) expect(half({ come: 10, done: 0, lagMs: 200 })).toBe(0)
    for (let looks = 0; looks < 10; looks++) expect(half({ come: 10, done: 40, lagMs: 200 })).toBe(0)

    expect(admission.places()).toBe(128)
  })

  test('has all its places while a shop that has just been started answers late', () => {
    const { admission, half } = admissionWith(128)
    for (let looks = 0; looks < 4; looks++) expect(half({ come: 10, done: 0, lagMs: 60 })).toBe(0)
    for (let looks = 0; looks < 5; looks++) expect(half({ come: 10, done: 12, lagMs: 60 })).toBe(0)
    for (let looks = 0; looks < 40; looks++) expect(half({ come: 10, done: 12, lagMs: 15 })).toBe(0)

    expect(admission.places()).toBe(128)
  })

  test('has all its places while it is others that everybody waits for', () => {
    const { admission, half } = admissionWith(128)
    for (let looks = 0; looks < 4; looks++) half({ come: 20, done: 0, lagMs: 2 })

    expect(admission.places()).toBe(128)
  })

  test('leaves room for a few, whose pace tells how many it may be, when nothing gets done', () => {
    const { admission, half } = admissionWith(128)
    for (let looks = 0; looks < 10; looks++) half({ come: 60, done: 0, lagMs: 1_000 })

    expect(admission.places()).toBe(5)
  })

  test('makes room for one more at each look that finds the loop on time', () => {
    const { admission, half } = admissionWith(128)
    for (let looks = 0; looks < 10; looks++) half({ come: 60, done: 0, lagMs: 1_000 })
    for (let looks = 0; looks < 30; looks++) half({ come: 10, done: 10, lagMs: 2 })
    expect(admission.places()).toBe(35)
    for (let looks = 0; looks < 200; looks++) half({ come: 10, done: 10, lagMs: 2 })
    expect(admission.places()).toBe(128)
  })

  test('is not caught by a loop that is late now and then only', () => {
    const { admission, half } = admissionWith(128)
    for (let looks = 0; looks < 100; looks++) half({ come: 60, done: 20, lagMs: looks % 3 === 0 ? 30 : 1 })

    expect(admission.places()).toBe(128)
  })

  test('gets all its places back although others keep the loop late, and refuses nobody meanwhile', () => {
    const { admission, half } = admissionWith(128)
    for (let looks = 0; looks < 40; looks++) half({ come: 60, done: 20, lagMs: 30 })
    expect(admission.places()).toBeLessThanOrEqual(16)
    // The crowd goes, and who is left of it is answered.
    half({ come: 0, done: 20, lagMs: 6 })

    for (let looks = 0; looks < 120; looks++) expect(half({ come: 8, done: 8, lagMs: 6 })).toBe(0)
    expect(admission.places()).toBe(128)
  })

  test('has all its places where others keep the loop late and a pause of two seconds comes besides', () => {
    const { admission, half } = admissionWith(128)
    for (let looks = 0; looks < 40; looks++) half({ come: 10, done: 10, lagMs: 6 })
    for (let looks = 0; looks < 4; looks++) expect(half({ come: 10, done: 0, lagMs: 200 })).toBe(0)
    for (let looks = 0; looks < 10; looks++) expect(half({ come: 10, done: 15, lagMs: 6 })).toBe(0)

    expect(admission.places()).toBe(128)
  })

  test('has all its places for those who come first after the loop has long been late', () => {
    const { admission, half } = admissionWith(128)
    for (let looks = 0; looks < 40; looks++) half({ come: 0, done: 0, lagMs: 60 })
    for (let looks = 0; looks < 10; looks++) expect(half({ come: 10, done: 8, lagMs: 60 })).toBe(0)

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
  const underWay: Disposable[] = []
  /** Half a second in which some come and some get done; how many were refused. */
  const half = ({ come, done, lagMs }: { come: number; done: number; lagMs: number }): number => {
    let [refused, open] = [0, done]
    for (let n = 1; n <= come; n++) {
      const entered = enterAll(1)
      underWay.push(...entered)
      refused += 1 - entered.length
      // One after another, not all at its end.
      for (; open > done * (1 - n / come) && underWay.length > 0; open--) underWay.shift()?.[Symbol.dispose]()
    }
    admission.look(lagMs)
    return refused
  }
  return { admission, enterAll, half, told }
}

// Money is conserved, whatever is killed: orders under load while processes die and come back.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRandom } from '../../services/kit/random.ts'
import { eventually } from '../helpers/eventually.ts'
import { startTestLab, type TestLab } from '../helpers/lab.ts'
import { cartOf } from '../helpers/shop.ts'

const orderCount = 1_000
const killsAtLeast = 20
const killsAtMost = 26
const victims = ['api', 'inventory', 'payment-1', 'pricing', 'payment-2', 'world'] as const

let lab: TestLab

beforeAll(async () => {
  lab = await startTestLab({ without: ['workshop', 'observer'] })
})
afterAll(() => lab?.[Symbol.asyncDispose]())

type Final = { key: string; cartId: string; userId: string; orderId: string; placed: boolean }

test('1,000 orders under 20 kills and more: none is lost, none is charged twice, a key keeps its order', {
  timeout: 240_000,
}, async () => {
  const finals: Final[] = []
  const done = new AbortController()
  const killing = killInTurn(done.signal, () => finals.length)

  let next = 0
  const buyer = async () => {
    for (let n = next++; n < orderCount; n = next++) await buyUntilPlaced(n, finals)
  }
  await Promise.all(Array.from({ length: 20 }, buyer))
  done.abort()
  const kills = await killing

  expect(kills).toBeGreaterThanOrEqual(killsAtLeast)
  await everythingHealthy()
  await eventually(
    'everything is settled',
    async () => {
      const report = await lab.audit()
      expect(report.violations).toEqual([])
      expect(Object.values(report.inFlight).every((count) => count === 0)).toBe(true)
    },
    { withinMs: 90_000, everyMs: 1_000 },
  )
  await keysKeepTheirOrders(finals)
  const report = await lab.audit()
  expect(report.placed).toBe(orderCount)
  expect(report.cancelled).toBe(finals.length - orderCount)
})

/** A customer who means it: an order that was given up is tried again, under a new key. */
async function buyUntilPlaced(n: number, finals: Final[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const final = await askUntilFinal(n, `order-${n}-${attempt}`)
    finals.push(final)
    if (final.placed) return
  }
}

/** Asks with the same key until the answer is final: placed, or given up. */
async function askUntilFinal(n: number, key: string): Promise<Final> {
  const userId = `u${String((n % 200) + 1).padStart(3, '0')}`
  const cart = cartOf('enamel-mug', n % 2 ? 'felt-lamp' : 'steel-jar')
  const cartId = await untilAnswered(() => lab.client.addCart(cart, userId))
  const answer = await untilAnswered(async () => {
    const { status, body } = await lab.client.placeOrder(cartId, { userId, key })
    if (status >= 500 || body.code === 'checkout_in_progress') throw new Error(`${status} ${body.code}`)
    return { status, body }
  })
  const placed = answer.status === 201 || answer.status === 200
  const orderId = placed ? String(answer.body.orderId) : orderIn(String(answer.body.message))
  return { key, cartId, userId, orderId, placed }
}

/** Messages about an order name it. */
function orderIn(message: string): string {
  return /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(message)?.[0] ?? message
}

function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  return eventually('the shop gives a final answer', ask, { withinMs: 60_000, everyMs: 200 })
}

/** One process after another, in an order and at moments that look arbitrary, until told to stop. */
async function killInTurn(signal: AbortSignal, finalCount: () => number): Promise<number> {
  const random = createRandom(5)
  let kills = 0
  while (!signal.aborted && kills < killsAtMost) {
    const target = Math.min(finalCount() + 20 + Math.floor(random() * 30), orderCount)
    await eventually('some more orders are through', () => reached(target, finalCount(), signal), {
      withinMs: 120_000,
      everyMs: 20,
    })
    if (signal.aborted) return kills
    lab.kill(victims[kills % victims.length] as string, 'SIGKILL')
    kills += 1
  }
  return kills
}

function reached(target: number, count: number, signal: AbortSignal): void {
  if (count < target && !signal.aborted) throw new Error(`${count} of ${target}`)
}

async function everythingHealthy(): Promise<void> {
  await Promise.all(lab.processes.map(({ name }) => lab.ready(name)))
}

async function keysKeepTheirOrders(finals: Final[]): Promise<void> {
  for (const final of finals.filter((_, n) => n % 10 === 0)) {
    const { status, body } = await lab.client.placeOrder(final.cartId, { userId: final.userId, key: final.key })
    expect(status).toBe(final.placed ? 200 : 409)
    expect(final.placed ? body.orderId : orderIn(String(body.message))).toBe(final.orderId)
  }
}

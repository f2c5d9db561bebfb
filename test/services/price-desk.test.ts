// The desk that asks pricing one question at a time: order, failures, patience, and in whose name it works.
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { openPriceDesk } from '../../services/inventory/price-desk.ts'
import { deadlineIn } from '../../services/kit/http/deadline.ts'
import { createLogger } from '../../services/kit/telemetry/log.ts'
import { cartOf, createClient, shareShop, silentLog } from '../helpers/shop.ts'

const plenty = () => deadlineIn(5_000)

test('answers in the order of asking, one question at a time', async () => {
  const desk = open()
  const answered: number[] = []
  let underWay = 0
  const ask = (n: number) =>
    desk.turn(`order ${n}`, plenty(), async () => {
      expect(++underWay).toBe(1)
      await sleep(5 - n)
      underWay -= 1
      answered.push(n)
      return n * 10
    })

  expect(await Promise.all([1, 2, 3, 4].map(ask))).toEqual([10, 20, 30, 40])
  expect(answered).toEqual([1, 2, 3, 4])
})

test('a question that fails is the failure of whoever asked, and the next has its turn', async () => {
  const desk = open()
  const failing = desk.turn('order 1', plenty(), () => Promise.reject(new Error('no such price')))
  const next = desk.turn('order 2', plenty(), async () => 'a price')

  await expect(failing).rejects.toThrow('no such price')
  expect(await next).toBe('a price')
})

test('what nobody waits for any more is not asked when its turn comes', async () => {
  const desk = open()
  const long = desk.turn('order 1', plenty(), () => sleep(60))
  const late = desk.turn('order 2', deadlineIn(20), () => expect.unreachable('asked in vain'))

  await expect(late).rejects.toMatchObject({ code: 'deadline_exceeded' })
  await long
})

test('works in nobody’s name, whoever asked', async () => {
  const desk = open()
  const request = new AsyncLocalStorage<string>()
  const asking = (name: string) =>
    request.run(name, () => desk.turn('order 1', plenty(), async () => request.getStore() ?? 'nobody'))

  expect(await Promise.all([asking('first'), asking('second')])).toEqual(['nobody', 'nobody'])
})

test('says which order waited for long, and how long', async () => {
  const lines: unknown[][] = []
  const log = Object.assign(createLogger('test'), { warn: (...line: unknown[]) => lines.push(line) })
  const desk = openPriceDesk(log)
  onTestFinished(() => desk[Symbol.asyncDispose]())
  const turn = (orderId: string, ms: number) => desk.turn(orderId, plenty(), () => sleep(ms))

  await Promise.all([turn('a', 250), turn('b', 0), turn('c', 0)])
  await turn('d', 0)

  const waited = (orderId: string) => [
    { 'shop.order_id': orderId },
    expect.stringMatching(new RegExp(`^the price of order ${orderId} waited \\d+ ms for its turn$`)),
  ]
  expect(lines).toEqual([waited('b'), waited('c')])
})

test('closing answers those in the row', async () => {
  const desk = openPriceDesk(silentLog)
  const answers = [1, 2].map((n) => desk.turn(`order ${n}`, plenty(), () => sleep(10, n)))

  await desk[Symbol.asyncDispose]()

  expect(await Promise.all(answers)).toEqual([1, 2])
})

const variants: Record<string, string> = {}
const theShop = shareShop({ variants, consumes: false })

test('in turn, a quick question waits for a long one; as they come, it does not', async () => {
  const inTurn = await quickBesideLong('in-turn')
  const asTheyCome = await quickBesideLong('as-they-come')

  expect(inTurn).toBeGreaterThan(350)
  expect(asTheyCome).toBeLessThan(350)
})

/** How many ms two reservations of a standard customer take, one after the other, beside one of a business customer. */
async function quickBesideLong(turns: string): Promise<number> {
  Object.assign(variants, { 'agreement-lookup': 'overseas', 'price-turns': turns })
  const { send } = createClient(theShop().urls.inventory)
  const reserve = (tier: string, sku: string) =>
    send('POST', '/reservations', { orderId: randomUUID(), lines: cartOf(sku), tier })
  const long = reserve('business', 'glass-mug')
  const startedAt = performance.now()
  // The first of them may still be in front of the long one, the second is not.
  const quick = [await reserve('standard', 'glass-lamp'), await reserve('standard', 'glass-lamp')]
  const tookMs = performance.now() - startedAt
  expect([...quick, await long].map(({ status }) => status)).toEqual([201, 201, 201])
  return tookMs
}

function open() {
  const desk = openPriceDesk(silentLog)
  onTestFinished(() => desk[Symbol.asyncDispose]())
  return desk
}

// The queue under traffic: what arrives is handled soon, and what has piled up is not left for later.
import { randomUUID } from 'node:crypto'
import { setInterval as everyMs, setTimeout as wait } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { eventually } from '../helpers/eventually.ts'
import { openTestDatabase, type TestDatabase } from '../helpers/postgres.ts'
import { openSender, startConsumer } from '../helpers/queues.ts'

/** As long as the bank takes to capture. */
const likeTheBank = () => wait(35)

let postgres: TestDatabase
beforeAll(async () => {
  postgres = await openTestDatabase()
})

test('a consumer that was away catches up with what has piled up', async () => {
  const { send } = await openSender(postgres)
  const orderIds = newOrderIds(16)
  for (const orderId of orderIds) await send(orderId)

  const { events } = await startConsumer(postgres, 'payment', likeTheBank)

  await eventually('everything is handled', () => expect(handled(events, orderIds)).toBe(16), { withinMs: 4_000 })
})

test('both consumers keep up with 20 events a second', async () => {
  const { send } = await openSender(postgres)
  const consumers = [await startConsumer(postgres, 'inventory'), await startConsumer(postgres, 'payment', likeTheBank)]
  const orderIds = newOrderIds(60)

  const sent: Promise<void>[] = []
  for await (const _ of everyMs(50)) {
    sent.push(send(orderIds[sent.length] ?? ''))
    if (sent.length === orderIds.length) break
  }
  await Promise.all(sent)

  for (const { events } of consumers) {
    await eventually('the backlog is empty', () => expect(handled(events, orderIds)).toBe(60), { withinMs: 2_000 })
  }
})

const newOrderIds = (count: number): string[] => Array.from({ length: count }, () => randomUUID())

function handled(events: { orderId: string }[], orderIds: string[]): number {
  const seen = new Set(events.map(({ orderId }) => orderId))
  return orderIds.filter((orderId) => seen.has(orderId)).length
}

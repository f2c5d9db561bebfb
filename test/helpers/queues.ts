// The two ends of the shop's queue, for tests: a sender with a transaction of its own, and consumers that remember.
import { onTestFinished } from 'vitest'
import type { OrderPlaced } from '../../services/kit/queue/events.ts'
import { openQueue } from '../../services/kit/queue/queue.ts'
import { openDatabase } from '../../services/kit/store/database.ts'
import type { TestDatabase } from './postgres.ts'
import { silentLog } from './shop.ts'

/** The sender's side, under api's role. */
export async function openSender(postgres: TestDatabase) {
  const database = openDatabase(postgres.url('api'), { poolMax: 4, log: silentLog })
  onTestFinished(() => database[Symbol.asyncDispose]())
  const queue = await openQueue(postgres.url('api'), { consumes: false, log: silentLog })
  onTestFinished(() => queue[Symbol.asyncDispose]())
  const send = (orderId: string) => database.transaction((tx) => queue.publish(tx, { type: 'order-placed', orderId }))
  return { database, queue, send }
}

/** A consumer that remembers what it handled. */
export async function startConsumer(
  postgres: TestDatabase,
  name: 'inventory' | 'payment',
  handle: (event: OrderPlaced) => Promise<unknown> = async () => {},
) {
  const events: OrderPlaced[] = []
  const queue = await openQueue(postgres.url(name), { consumes: true, log: silentLog })
  onTestFinished(() => queue[Symbol.asyncDispose]())
  const consumer = await queue.consume('order-placed', name, async (event) => {
    await handle(event)
    events.push(event)
  })
  return { consumer, events }
}

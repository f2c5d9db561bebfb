// The queue between services: stored with the order or not at all, handed to every consumer, and never left behind.
import { randomUUID } from 'node:crypto'
import { setInterval as everyMs, setTimeout as wait } from 'node:timers/promises'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { OrderPlaced } from '../../services/kit/queue/events.ts'
import { openQueue } from '../../services/kit/queue/queue.ts'
import { openDatabase } from '../../services/kit/store/database.ts'
import { eventually } from '../helpers/eventually.ts'
import { openTestDatabase, type TestDatabase } from '../helpers/postgres.ts'
import { silentLog } from '../helpers/shop.ts'

let postgres: TestDatabase
beforeAll(async () => {
  postgres = await openTestDatabase()
})

describe('what is published', () => {
  test('in a transaction that is rolled back leaves no job', async () => {
    const { database, queue } = await openSender()
    const orderId = randomUUID()

    const failing = database.transaction(async (tx) => {
      await queue.publish(tx, { type: 'order-placed', orderId })
      throw new Error('changed my mind')
    })

    await expect(failing).rejects.toThrow('changed my mind')
    expect(await jobsOf(orderId)).toEqual([])
  })

  test('in a transaction that commits is one job for every consumer', async () => {
    const orderId = randomUUID()

    await (await openSender()).send(orderId)

    expect(await jobsOf(orderId)).toEqual(['order-placed/inventory', 'order-placed/payment'])
  })
})

describe('a consumer', () => {
  test('gets the event whether it was there before or comes later, and so does the other one', async () => {
    const { send } = await openSender()
    const [early, late] = [randomUUID(), randomUUID()]
    await send(early)

    const inventory = await startConsumer('inventory')
    const payment = await startConsumer('payment')
    await send(late)

    for (const { events } of [inventory, payment]) {
      await eventually('both events arrive', () => {
        expect(events).toEqual(
          expect.arrayContaining([early, late].map((orderId) => ({ type: 'order-placed', orderId }))),
        )
      })
    }
  })

  test('whose handler throws is called again with the same event', async () => {
    const { send } = await openSender()
    const orderId = randomUUID()
    let calls = 0
    await startConsumer('inventory', async (event) => {
      if (event.orderId === orderId && ++calls < 2) throw new Error('not now')
    })

    await send(orderId)

    await eventually('it is called again', () => expect(calls).toBe(2), { withinMs: 8_000 })
    await eventually('the job is done', async () => expect(await waitingJobs('inventory')).toBe(0))
  })

  test('that stops finishes the event it is at', async () => {
    const { send } = await openSender()
    const [started, mayFinish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const orderId = randomUUID()
    let isFinished = false
    const { consumer } = await startConsumer('payment', async (event) => {
      if (event.orderId !== orderId) return
      started.resolve()
      await mayFinish.promise
      isFinished = true
    })

    await send(orderId)
    await started.promise
    const stopped = consumer[Symbol.asyncDispose]()
    mayFinish.resolve()
    await stopped

    expect(isFinished).toBe(true)
    await eventually('the job is done', async () => {
      const query = `SELECT state FROM queue.job WHERE name = 'order-placed/payment' AND data ->> 'orderId' = $1`
      expect(await postgres.query(query, [orderId])).toEqual([{ state: 'completed' }])
    })
  })

  test('that was away catches up with what has piled up', async () => {
    const { send } = await openSender()
    const orderIds = Array.from({ length: 40 }, () => randomUUID())
    for (const orderId of orderIds) await send(orderId)

    const t0 = performance.now()
    const { events } = await startConsumer('payment', () => wait(35))

    await eventually('everything is handled', () => {
      expect(events.map(({ orderId }) => orderId)).toEqual(expect.arrayContaining(orderIds))
    }, { withinMs: 12_000 })
    console.log('TOOK', performance.now() - t0)
  })

  test('keeps up with 20 events a second, as slow as the bank is', async () => {
    const { send } = await openSender()
    // As long as the bank takes to capture.
    const consumers = [await startConsumer('inventory'), await startConsumer('payment', () => wait(35))]
    const sent: Promise<void>[] = []
    const orderIds = new Set(Array.from({ length: 60 }, () => randomUUID() as string))
    const ids = [...orderIds]

    for await (const _ of everyMs(50)) {
      sent.push(send(ids[sent.length] ?? ''))
      if (sent.length === ids.length) break
    }
    await Promise.all(sent)

    for (const { events } of consumers) {
      const handled = () => new Set(events.map(({ orderId }) => orderId).filter((id) => orderIds.has(id)))
      await eventually('the backlog is empty', () => expect(handled().size).toBe(60), { withinMs: 2_000 })
    }
  })
})

/** The sender's side, under api's role. */
async function openSender() {
  const database = openDatabase(postgres.url('api'), { poolMax: 4, log: silentLog })
  onTestFinished(() => database[Symbol.asyncDispose]())
  const queue = await openQueue(postgres.url('api'), { consumes: false, log: silentLog })
  onTestFinished(() => queue[Symbol.asyncDispose]())
  const send = (orderId: string) => database.transaction((tx) => queue.publish(tx, { type: 'order-placed', orderId }))
  return { database, queue, send }
}

/** A consumer that remembers what it handled. */
async function startConsumer(
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

async function jobsOf(orderId: string) {
  const query = `SELECT name FROM queue.job WHERE data ->> 'orderId' = $1 ORDER BY name`
  return (await postgres.query<{ name: string }>(query, [orderId])).map(({ name }) => name)
}

async function waitingJobs(consumer: string) {
  const query = `SELECT count(*)::int AS count FROM queue.job WHERE name = $1 AND state <= 'active'`
  return (await postgres.query(query, [`order-placed/${consumer}`]))[0]?.count
}

// The queue between services: stored with the order or not at all, handed to every consumer, and never left behind.
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../helpers/eventually.ts'
import { openTestDatabase, type TestDatabase } from '../helpers/postgres.ts'
import { openSender, startConsumer } from '../helpers/queues.ts'

let postgres: TestDatabase
beforeAll(async () => {
  postgres = await openTestDatabase()
})

describe('what is published', () => {
  test('in a transaction that is rolled back leaves no job', async () => {
    const { database, queue } = await openSender(postgres)
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

    await (await openSender(postgres)).send(orderId)

    expect(await jobsOf(orderId)).toEqual(['order-placed/inventory', 'order-placed/payment'])
  })
})

describe('a consumer', () => {
  test('gets the event whether it was there before or comes later, and so does the other one', async () => {
    const { send } = await openSender(postgres)
    const [early, late] = [randomUUID(), randomUUID()]
    await send(early)

    const inventory = await startConsumer(postgres, 'inventory')
    const payment = await startConsumer(postgres, 'payment')
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
    const { send } = await openSender(postgres)
    const orderId = randomUUID()
    let calls = 0
    await startConsumer(postgres, 'inventory', async (event) => {
      if (event.orderId === orderId && ++calls < 2) throw new Error('not now')
    })

    await send(orderId)

    await eventually('it is called again', () => expect(calls).toBe(2), { withinMs: 8_000 })
    await eventually('the job is done', async () => expect(await waitingJobs('inventory')).toBe(0))
  })

  test('that stops finishes the event it is at', async () => {
    const { send } = await openSender(postgres)
    const [started, mayFinish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const orderId = randomUUID()
    let isFinished = false
    const { consumer } = await startConsumer(postgres, 'payment', async (event) => {
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
})

async function jobsOf(orderId: string) {
  const query = `SELECT name FROM queue.job WHERE data ->> 'orderId' = $1 ORDER BY name`
  return (await postgres.query<{ name: string }>(query, [orderId])).map(({ name }) => name)
}

async function waitingJobs(consumer: string) {
  const query = `SELECT count(*)::int AS count FROM queue.job WHERE name = $1 AND state <= 'active'`
  return (await postgres.query(query, [`order-placed/${consumer}`]))[0]?.count
}

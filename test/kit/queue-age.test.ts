// How late a consumer is, as the queue reports it: counted from when an event is due, not from when it was made.
import { randomUUID } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { attributes, metrics } from '../../services/kit/telemetry/names.ts'
import { eventually } from '../helpers/eventually.ts'
import { watchGauges } from '../helpers/gauges.ts'
import { openTestDatabase } from '../helpers/postgres.ts'
import { openSender, startConsumer } from '../helpers/queues.ts'

const askGauges = watchGauges()

/** As many as a consumer works on at once. */
const atOnce = 4

test('an event that is tried again waits since that attempt is due, and before that not at all', async () => {
  const postgres = await openTestDatabase()
  const { send } = await openSender(postgres)
  const mayFinish = Promise.withResolvers<void>()
  let begun = 0
  await startConsumer(postgres, 'payment', async () => {
    begun += 1
    await mayFinish.promise
  })
  onTestFinished(() => mayFinish.resolve())
  for (let count = 0; count < atOnce; count++) await send(randomUUID())
  await eventually('the consumer has its hands full', () => expect(begun).toBe(atOnce))
  const orderId = randomUUID()
  await send(orderId)
  const makeDue = (when: string) =>
    postgres.query(
      `UPDATE queue.job SET state = 'retry', created_on = now() - interval '1 hour', start_after = now() + $1::interval
       WHERE name = 'order-placed/payment' AND data ->> 'orderId' = $2`,
      [when, orderId],
    )

  await makeDue('1 minute')
  expect(await ageOf('payment')).toBe(0)

  await makeDue('-20 seconds')
  const age = await ageOf('payment')
  expect(age).toBeGreaterThanOrEqual(20)
  expect(age).toBeLessThan(60)
})

async function ageOf(consumer: string): Promise<number | undefined> {
  const points = await askGauges()
  return points(metrics.queueAge).find((point) => point.attributes[attributes.consumer] === consumer)?.value
}

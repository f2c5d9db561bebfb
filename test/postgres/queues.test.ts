// What the services' roles can do with the queue, through pg-boss itself and with the options that the kit uses.
import pg from 'pg'
import { PgBoss } from 'pg-boss'
import { expect, onTestFinished, test } from 'vitest'
import { queueSchema } from '../../infra/postgres/queues.ts'
import { eventually } from '../helpers/eventually.ts'
import { openTestDatabase, type TestDatabase } from '../helpers/postgres.ts'

test('a job sent by api in its own transaction reaches inventory, and what is rolled back does not', async () => {
  const database = await openTestDatabase()
  const problems: unknown[] = []
  const api = await open(database, 'api', problems)
  const inventory = await open(database, 'inventory', problems)
  const received: unknown[] = []
  await inventory.work('order-placed/inventory', { pollingIntervalSeconds: 0.5 }, async (jobs) => {
    received.push(...jobs.map(({ data }) => data))
  })

  await sendWithin(database, api, 'ROLLBACK', { orderId: 'dropped' })
  await sendWithin(database, api, 'COMMIT', { orderId: 'kept' })

  await eventually('the job arrives', () => expect(received).toEqual([{ orderId: 'kept' }]))
  // Maintenance runs under the service's role too and must not fail for a missing right.
  await inventory.supervise()
  expect(problems).toEqual([])
})

test('api may not take jobs away', async () => {
  const database = await openTestDatabase()
  await expect(database.query(`DELETE FROM ${queueSchema}.job`, [], 'api')).rejects.toThrow('permission denied')
  await expect(database.query(`SELECT * FROM ${queueSchema}.job`, [], 'pricing')).rejects.toThrow('permission denied')
})

async function sendWithin(
  database: TestDatabase,
  boss: PgBoss,
  end: 'COMMIT' | 'ROLLBACK',
  data: object,
): Promise<void> {
  const client = new pg.Client(database.url('api'))
  await client.connect()
  const db = { executeSql: (text: string, values?: unknown[]) => client.query(text, values) }
  await client.query('BEGIN')
  await boss.send('order-placed/inventory', data, { db })
  await client.query(end)
  await client.end()
}

async function open(database: TestDatabase, role: string, problems: unknown[]): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: database.url(role),
    schema: queueSchema,
    max: 2,
    migrate: false,
    createSchema: false,
    schedule: false,
    supervise: role !== 'api',
    superviseIntervalSeconds: 1,
    openTelemetry: { propagateContext: true },
  })
  boss.on('error', (error) => problems.push(error))
  boss.on('warning', (warning) => problems.push(warning))
  await boss.start()
  onTestFinished(() => boss.stop({ graceful: false }))
  return boss
}

import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { openSender } from '../../infra/postgres/otlp-sender.ts'
import { watchSessions } from '../../infra/postgres/watch.ts'
import { metrics, attributes as names } from '../../services/kit/telemetry/names.ts'
import { eventually } from '../helpers/eventually.ts'
import { startOtlpSink } from '../helpers/otlp-json-sink.ts'
import { openTestDatabase, type TestDatabase } from '../helpers/postgres.ts'

const comment = (letter: string) => `/*traceparent='00-${letter.repeat(32)}-${letter.repeat(16)}-01'*/`
const blocking = 'a'
const waiting = 'b'

test("a wait for a row is told in the waiter's trace and names the trace that blocks it, until it is over", async () => {
  const { database, sink } = await watched()
  const { holder, wait } = await rowLock(database)

  const line = await eventually('the wait is told', () => {
    const found = sink.logs().find(({ traceId }) => traceId === waiting.repeat(32))
    expect(found).toBeDefined()
    return found
  })

  expect(line).toMatchObject({ severityText: 'warn', spanId: waiting.repeat(16) })
  expect(line?.body.stringValue).toMatch(
    /^inventory session \d+ has waited \d+ ms for transactionid; blocked by session \d+ \(inventory, idle in transaction\)$/,
  )
  expect(line?.attributes).toEqual(
    expect.arrayContaining([
      { key: names.blockedByTraceId, value: { stringValue: blocking.repeat(32) } },
      { key: names.blockedByService, value: { stringValue: 'inventory' } },
      { key: names.waitEvent, value: { stringValue: 'transactionid' } },
      { key: 'db.query.text', value: { stringValue: 'UPDATE inventory.things SET n = n + 1' } },
    ]),
  )
  await eventually('the waiting session is counted', () => expect(waitingCounts(sink).at(-1)).toBe(1))

  await holder.query('COMMIT')
  await wait

  await eventually('nobody is counted any more', () => expect(waitingCounts(sink).at(-1)).toBe(0))
})

test('a long wait is told again every second, not at every sample', async () => {
  const { database, sink } = await watched()
  const { holder, wait } = await rowLock(database)
  const waits = () => sink.logs().map(({ body }) => Number(/waited (\d+) ms/.exec(body.stringValue)?.[1]))

  await eventually('it is told twice', () => expect(waits()).toHaveLength(2))
  await holder.query('COMMIT')
  await wait

  const [first = 0, second = 0] = waits()
  expect(first).toBeGreaterThanOrEqual(100)
  expect(second - first).toBeGreaterThanOrEqual(1_000)
})

test('nothing is told while nobody waits, and the count says zero', async () => {
  const { database, sink } = await watched()
  await database.query('SELECT 1')

  await eventually('zero is counted', () => expect(waitingCounts(sink).length).toBeGreaterThan(2))
  expect(waitingCounts(sink).every((count) => count === 0)).toBe(true)
  expect(sink.logs()).toEqual([])
})

const waitingCounts = (sink: Awaited<ReturnType<typeof startOtlpSink>>) =>
  sink
    .points(metrics.dbSessionsWaiting)
    .filter(({ attributes }) =>
      attributes.some(({ key, value }) => key === 'postgresql.user' && value.stringValue === 'inventory'),
    )
    .map(({ asDouble }) => asDouble)

async function watched() {
  const database = await openTestDatabase()
  const sink = await startOtlpSink()
  const sender = openSender({ endpoint: sink.url, resource: { 'service.name': 'postgres' }, flushEveryMs: 20 })
  const watch = watchSessions({ url: database.url('observer'), sender, sampleEveryMs: 50, exportEveryMs: 100 })
  onTestFinished(async () => {
    await watch[Symbol.asyncDispose]()
    await sender[Symbol.asyncDispose]()
  })
  return { database, sink }
}

/** One session holds a row inside a transaction and does nothing; another wants to change it. */
async function rowLock(database: TestDatabase) {
  await database.query('CREATE TABLE inventory.things (n int)')
  await database.query('INSERT INTO inventory.things VALUES (1)')
  const [holder, waiter] = await Promise.all([connect(database), connect(database)])
  await holder.query('BEGIN')
  await holder.query(`SELECT n FROM inventory.things FOR UPDATE ${comment(blocking)}`)
  return { holder, wait: waiter.query(`UPDATE inventory.things SET n = n + 1 ${comment(waiting)}`) }
}

async function connect(database: TestDatabase): Promise<pg.Client> {
  const client = new pg.Client(database.url('inventory'))
  client.on('error', () => {})
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

// The database handle: transactions that always end, connections that may break, a pool that can be watched.
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { openDatabase, partsOf } from '../../services/kit/store/database.ts'
import { createLogger } from '../../services/kit/telemetry/log.ts'
import { attributes, metrics } from '../../services/kit/telemetry/names.ts'
import { eventually } from '../helpers/eventually.ts'
import { watchGauges } from '../helpers/gauges.ts'
import { openTestDatabase, type TestDatabase } from '../helpers/postgres.ts'
import { silentLog } from '../helpers/shop.ts'

const askGauges = watchGauges()
let postgres: TestDatabase
beforeAll(async () => {
  postgres = await openTestDatabase()
})

test('a transaction commits what it did', async () => {
  const database = open()

  const answer = await database.transaction(async (tx) => {
    await tx.query('UPDATE stock SET reserved = 3 WHERE id = $1', [1])
    return 'done'
  })

  expect(answer).toBe('done')
  expect(await reservedOf(1)).toBe(3)
})

test('a transaction that throws takes everything back, gives the reason and leaves its connection usable', async () => {
  const database = open({ poolMax: 1 })

  const failing = database.transaction(async (tx) => {
    await tx.query('UPDATE stock SET reserved = 9 WHERE id = 2')
    throw new Error('changed my mind')
  })

  await expect(failing).rejects.toThrow('changed my mind')
  expect(await reservedOf(2)).toBe(0)
  expect(await database.query('SELECT reserved FROM stock WHERE id = 2')).toEqual([{ reserved: 0 }])
})

test('a transaction whose statement fails takes everything back and gives the SQLSTATE', async () => {
  const database = open()

  const failing = database.transaction(async (tx) => {
    await tx.query('UPDATE stock SET reserved = 9 WHERE id = 3')
    await tx.query('UPDATE stock SET reserved = -1 WHERE id = 3')
  })

  await expect(failing).rejects.toMatchObject({ code: '23514' })
  expect(await reservedOf(3)).toBe(0)
})

test('an idle connection that breaks is replaced', async () => {
  const database = open({ poolMax: 1 })
  const before = await pidOf(database)

  await postgres.query('SELECT pg_terminate_backend($1)', [before])

  const after = await eventually('there is a new connection', () => pidOf(database))
  expect(after).not.toBe(before)
})

test('a transaction whose connection breaks between two statements fails, and the next one has a new connection', async () => {
  const database = open({ poolMax: 1 })
  const broken = Promise.withResolvers<number>()

  const failing = database.transaction(async (tx) => {
    await tx.query('UPDATE stock SET reserved = 9 WHERE id = 4')
    const pid = await pidOf(tx)
    broken.resolve(pid)
    await postgres.query('SELECT pg_terminate_backend($1)', [pid])
    await eventually('the backend is gone', async () => {
      expect(await postgres.query('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [pid])).toEqual([])
    })
    await tx.query('UPDATE stock SET reserved = 8 WHERE id = 4')
  })

  await expect(failing).rejects.toThrow(/terminat|connection/i)
  expect(await reservedOf(4)).toBe(0)
  const next = await database.transaction((tx) => pidOf(tx))
  expect(next).not.toBe(await broken.promise)
})

test('a transaction whose connection breaks during a statement fails, and the next one has a new connection', async () => {
  const database = open({ poolMax: 1 })

  const failing = database.transaction((tx) => tx.query('SELECT pg_terminate_backend(pg_backend_pid())'))

  await expect(failing).rejects.toMatchObject({ code: '57P01' })
  expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('the pool says how many connections are used and idle, and who waits for one', async () => {
  const database = open({ poolMax: 2 })
  const hold = Promise.withResolvers<void>()
  const holders = [1, 2, 3].map((id) =>
    database.transaction(async (tx) => {
      await tx.query('SELECT $1::int', [id])
      await hold.promise
    }),
  )

  await eventually('two hold a connection and one waits', async () => {
    expect(await poolState()).toEqual({ used: 2, idle: 0, waiting: 1 })
  })
  hold.resolve()
  await Promise.all(holders)
  expect(await poolState()).toMatchObject({ used: 0, idle: 2 })
  expect(await poolState()).toEqual({ used: 0, idle: 2, waiting: 0 })
})

test('a queue that is gone when the pool is observed is told once, with its length', async () => {
  const database = open({ poolMax: 1 })
  await Promise.all([1, 2, 3, 4].map((id) => database.query('SELECT pg_sleep(0.01), $1::int', [id])))

  expect(await poolState()).toMatchObject({ waiting: 3 })
  expect(await poolState()).toMatchObject({ waiting: 0 })
})

test('who waits for a connection for long leaves a line that says how long', async () => {
  const lines: string[] = []
  const log = Object.assign(createLogger('test'), { warn: (line: string) => lines.push(line) })
  const database = openDatabase(postgres.url('inventory'), { poolMax: 1, log })
  onTestFinished(() => database[Symbol.asyncDispose]())
  await database.query('SELECT 1')

  const startedAt = performance.now()
  await Promise.all([database.query('SELECT pg_sleep(0.25)'), database.query('SELECT 1')])
  const tookMs = performance.now() - startedAt

  const waited = lines.map((line) => Number(/^waited (\d+) ms for a database connection$/.exec(line)?.[1]))
  expect(waited).toHaveLength(1)
  expect(waited[0]).toBeGreaterThanOrEqual(245)
  expect(waited[0]).toBeLessThanOrEqual(Math.ceil(tookMs))
})

test('a statement that fails leaves its connection usable', async () => {
  const database = open({ poolMax: 1 })
  const before = await pidOf(database)

  await expect(database.query('SELECT 1/0')).rejects.toMatchObject({ code: '22012' })

  expect(await pidOf(database)).toBe(before)
})

test('a connection that Postgres ends under a statement is not used again', async () => {
  const database = open({ poolMax: 1 })
  const before = await pidOf(database)

  await expect(database.query('SELECT pg_terminate_backend(pg_backend_pid())')).rejects.toThrow()

  expect(await pidOf(database)).not.toBe(before)
})

test('the pool of a database that was closed says nothing any more', async () => {
  const database = openDatabase(postgres.url('inventory'), { poolMax: 1, log: silentLog })
  await database.query('SELECT 1')
  expect(await poolState()).toEqual({ used: 0, idle: 1, waiting: 0 })

  await database[Symbol.asyncDispose]()

  expect(await poolState()).toEqual({})
})

test('a connection URL is taken apart, with what is encoded in it', () => {
  expect(partsOf('postgres://api:p%40ss%3Aword@db.example/shop')).toEqual({
    host: 'db.example',
    port: 5432,
    user: 'api',
    password: 'p@ss:word',
    database: 'shop',
  })
})

function open({ poolMax = 4 } = {}) {
  const database = openDatabase(postgres.url('inventory'), { poolMax, log: silentLog })
  onTestFinished(() => database[Symbol.asyncDispose]())
  return database
}

async function pidOf(tx: { query: ReturnType<typeof open>['query'] }): Promise<number> {
  const [row] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  return row?.pid ?? 0
}

async function reservedOf(id: number) {
  const [row] = await postgres.query('SELECT reserved FROM inventory.stock WHERE id = $1', [id])
  return row?.reserved
}

/** The pool's gauges as they are now, by state. */
async function poolState(): Promise<Record<string, number>> {
  const points = await askGauges()
  return Object.fromEntries([
    ...points(metrics.poolConnections).map(({ attributes: about, value }) => [about[attributes.poolState], value]),
    ...points(metrics.poolWaiting).map(({ value }) => ['waiting', value]),
  ])
}

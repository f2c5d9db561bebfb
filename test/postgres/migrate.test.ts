import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { migrate, migrationsIn } from '../../infra/postgres/migrate.ts'
import { createRoles, isLoopback } from '../../infra/postgres/roles.ts'
import { consumers, queueName } from '../../services/kit/queue/events.ts'
import { serviceNames } from '../../services/kit/telemetry/names.ts'
import { openTestDatabase } from '../helpers/postgres.ts'

const folder = `${import.meta.dirname}/../../infra/postgres/migrations`

test('a second migration changes nothing', async () => {
  const database = await openTestDatabase()
  const before = await database.query('SELECT * FROM public.applied_migrations ORDER BY name')
  const said: string[] = []

  await migrate({ url: database.url('postgres'), say: (line) => said.push(line) })

  expect(said).toEqual([])
  expect(await database.query('SELECT * FROM public.applied_migrations ORDER BY name')).toEqual(before)
  expect(before.map(({ name }) => name)).toEqual(expect.arrayContaining(['010-api.sql', 'seed', 'seed-coupons']))
})

test('migrations started at once apply each file once', async () => {
  const database = await openTestDatabase()
  const migrations = [...(await migrationsIn(folder)), { name: '900-once.sql', sql: 'CREATE TABLE api.once (id int)' }]

  await Promise.all(Array.from({ length: 4 }, () => migrate({ url: database.url('postgres'), migrations })))

  expect(
    await database.query(`SELECT count(*)::int FROM public.applied_migrations WHERE name = '900-once.sql'`),
  ).toEqual([{ count: 1 }])
})

test('a file that was changed after it was applied is refused with a sentence', async () => {
  const database = await openTestDatabase()
  const [first, ...rest] = await migrationsIn(folder)
  const changed = { name: first?.name ?? '', sql: `${first?.sql}\n-- changed` }

  await expect(migrate({ url: database.url('postgres'), migrations: [changed, ...rest] })).rejects.toThrow(
    `Migration ${changed.name} was changed after it was applied`,
  )
})

test('a file that fails leaves nothing behind and is named', async () => {
  const database = await openTestDatabase()
  const broken = { name: '900-broken.sql', sql: 'CREATE TABLE api.half (id int); SELECT nonsense' }

  await expect(
    migrate({ url: database.url('postgres'), migrations: [...(await migrationsIn(folder)), broken] }),
  ).rejects.toThrow(/Migration 900-broken\.sql failed.*nonsense/)
  expect(await database.query(`SELECT to_regclass('api.half') AS half`)).toEqual([{ half: null }])
})

test.for(serviceNames)('role %s works in its own schema and is shut out of the others', async (name) => {
  const database = await openTestDatabase()
  await Promise.all(serviceNames.map((schema) => database.query(`CREATE TABLE ${schema}.room (id int)`)))

  await database.query('INSERT INTO room VALUES (1)', [], name)

  for (const other of serviceNames.filter((schema) => schema !== name))
    await expect(database.query(`SELECT * FROM ${other}.room`, [], name)).rejects.toThrow(
      'permission denied for schema',
    )
  await expect(database.query('CREATE TABLE mine (id int)', [], name)).rejects.toThrow('permission denied for schema')
})

test('the auditor reads everything and changes nothing, the observer sees what others run', async () => {
  const database = await openTestDatabase()
  await database.query('CREATE TABLE payment.room (id int)')

  expect(await database.query('SELECT * FROM payment.room', [], 'auditor')).toEqual([])
  await expect(database.query('INSERT INTO payment.room VALUES (1)', [], 'auditor')).rejects.toThrow(
    'read-only transaction',
  )
  await expect(database.query('SELECT * FROM payment.room', [], 'observer')).rejects.toThrow('permission denied')
  const seen = await database.query(
    `SELECT count(*)::int AS hidden FROM pg_stat_activity WHERE query = '<insufficient privilege>'`,
    [],
    'observer',
  )
  expect(seen).toEqual([{ hidden: 0 }])
})

test('every consumer has its queue', async () => {
  const database = await openTestDatabase()
  const expected = consumers['order-placed'].map((consumer) => ({ name: queueName('order-placed', consumer) }))

  expect(await database.query('SELECT name FROM queue.queue ORDER BY name')).toEqual(expected)
})

test('passwords that are role names are refused off loopback, naming the variables to set', async () => {
  const database = await openTestDatabase()
  const client = new pg.Client(database.url('postgres'))
  await client.connect()
  onTestFinished(() => client.end())

  await expect(createRoles(client, { passwords: { api: 'x' }, isLoopback: false })).rejects.toThrow(
    /^Set INVENTORY_PASSWORD, .*OBSERVER_PASSWORD: only a database on loopback/,
  )
})

test.for([
  ['localhost', true],
  ['127.0.0.1', true],
  ['[::1]', true],
  ['db.example', false],
  ['10.0.0.1', false],
] as const)('a database on %s: on loopback is %s', ([host, expected]) => {
  expect(isLoopback(`postgres://postgres:x@${host}:5432/shop`)).toBe(expected)
})

// The one step between an empty Postgres and the services: database, roles, queue, tables, seeds. Safe to repeat and to
// run twice at once.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { z } from 'zod'
import { loadConfig } from '../../services/kit/config.ts'
import { applyMigrations, type Migration } from './applied.ts'
import { createQueues } from './queues.ts'
import { createRoles, isLoopback, type Passwords, roles } from './roles.ts'

export type MigrateOptions = {
  /** Connection URL of the owner of all objects, a superuser. */
  url: string
  /** Passwords by role; one that is missing is the role's name, which only a database on loopback accepts. */
  passwords?: Passwords
  /** SQL files to apply; those of `infra/postgres/migrations` unless a test says otherwise. */
  migrations?: Migration[]
  say?: (line: string) => void
}

/** Brings the database to the state the services expect. Throws a sentence when it cannot. */
export async function migrate({ url, passwords = {}, migrations, say = () => {} }: MigrateOptions): Promise<void> {
  const client = await connectOrCreate(url)
  try {
    // Everybody who migrates this database takes this lock; it goes with the connection.
    await client.query(`SELECT pg_advisory_lock(hashtext('slow-sometimes/migrate'))`)
    await createRoles(client, { passwords, isLoopback: isLoopback(url) })
    await createQueues(client)
    const applied = await applyMigrations(
      client,
      migrations ?? (await migrationsIn(`${import.meta.dirname}/migrations`)),
    )
    if (applied.length > 0) say(`Applied to the database: ${applied.join(', ')}`)
  } finally {
    await client.end()
  }
}

/** Reads the numbered SQL files of a folder, in order. */
export async function migrationsIn(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^\d{3}-.*\.sql$/.test(name)).toSorted()
  return Promise.all(names.map(async (name) => ({ name, sql: await readFile(join(folder, name), 'utf8') })))
}

async function connectOrCreate(url: string): Promise<pg.Client> {
  try {
    return await connected(url)
  } catch (error) {
    const noSuchDatabase = '3D000'
    if ((error as { code?: string }).code !== noSuchDatabase) throw error
    await createDatabase(url)
    return connected(url)
  }
}

async function createDatabase(url: string): Promise<void> {
  const maintenance = new URL(url)
  const name = decodeURIComponent(maintenance.pathname.slice(1))
  maintenance.pathname = '/postgres'
  const client = await connected(maintenance.href)
  try {
    await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`)
  } catch (error) {
    const someoneElseWasFaster = ['42P04', '23505'].includes((error as { code?: string }).code ?? '')
    if (!someoneElseWasFaster) throw error
  } finally {
    await client.end()
  }
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'migrate' })
  await client.connect()
  return client
}

/** What `migrate.ts` reads when it is run as a process of its own. */
export const MigrateConfig = z.object({
  MIGRATE_URL: z.url({ protocol: /^postgres(ql)?$/ }).describe('Postgres, as the owner of all objects (a superuser)'),
  ...Object.fromEntries(
    roles.map(({ name }) => [
      `${name.toUpperCase()}_PASSWORD`,
      z.string().min(1).optional().describe(`Password of role ${name}; on loopback it is the role's name by default`),
    ]),
  ),
})

if (import.meta.main) {
  try {
    const config = loadConfig(MigrateConfig, process.env)
    const given = roles.map(({ name }) => [name, (config as Record<string, unknown>)[`${name.toUpperCase()}_PASSWORD`]])
    await migrate({ url: config.MIGRATE_URL, passwords: Object.fromEntries(given), say: console.log })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}

// Numbered SQL files, each applied once, in order. A file that changes after it was applied is refused: databases that
// have it already would never see the change.
import { createHash } from 'node:crypto'
import type { Client } from 'pg'
import { seeds } from './seed.ts'

export type Migration = { name: string; sql: string }

/** Applies what is new, then seeds once. Returns the names of what was applied. */
export async function applyMigrations(client: Client, migrations: Migration[]): Promise<string[]> {
  await client.query(`CREATE TABLE IF NOT EXISTS public.applied_migrations
    (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`)
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'SELECT name, checksum FROM public.applied_migrations',
  )
  const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]))
  refuseChanges(migrations, applied)
  const steps = [
    ...migrations.map(({ name, sql }) => ({ name, checksum: checksumOf(sql), run: () => client.query(sql) })),
    ...seeds.map(({ name, run }) => ({ name, checksum: '', run: () => run(client) })),
  ].filter(({ name }) => !applied.has(name))
  for (const step of steps) await inTransaction(client, step)
  return steps.map(({ name }) => name)
}

function refuseChanges(migrations: Migration[], applied: Map<string, string>): void {
  for (const { name, sql } of migrations) {
    const before = applied.get(name)
    if (before !== undefined && before !== checksumOf(sql))
      throw new Error(
        `Migration ${name} was changed after it was applied to this database. Put the change into a new file, or throw the data away: npm start -- --fresh`,
      )
  }
}

async function inTransaction(client: Client, step: { name: string; checksum: string; run(): Promise<unknown> }) {
  await client.query('BEGIN')
  try {
    await step.run()
    await client.query('INSERT INTO public.applied_migrations (name, checksum) VALUES ($1, $2)', [
      step.name,
      step.checksum,
    ])
    await client.query('COMMIT')
  } catch (cause) {
    await client.query('ROLLBACK')
    const position = (cause as { position?: string }).position
    const where = position ? ` (at character ${position})` : ''
    throw new Error(`Migration ${step.name} failed${where}: ${(cause as Error).message}`, { cause })
  }
}

const checksumOf = (sql: string) => createHash('sha256').update(sql).digest('hex')

// A database of one's own for a test: real Postgres, migrated and seeded, thrown away afterwards.
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject, onTestFinished } from 'vitest'
import { templateDatabase } from './postgres-on-demand.ts'

export interface TestDatabase extends AsyncDisposable {
  name: string
  /** Connection URL under a role: `postgres` (the owner), a service's name, `auditor` or `observer`. */
  url(role: string): string
  /** One query as the owner, or as another role. */
  query<R extends Record<string, unknown>>(text: string, values?: unknown[], role?: string): Promise<R[]>
}

/**
 * Opens a fresh copy of the migrated and seeded database. Called in a test it is dropped with the test; called in a hook,
 * dispose it, or leave it to the end of the run.
 */
export async function openTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const port = await portOfCluster()
  await runOn(urlOf(port, 'postgres', 'postgres'), `CREATE DATABASE ${name} TEMPLATE ${templateDatabase}`)
  const database: TestDatabase = {
    name,
    url: (role) => urlOf(port, role, name),
    query: (text, values, role = 'postgres') => runOn(urlOf(port, role, name), text, values),
    [Symbol.asyncDispose]: async () => {
      await runOn(urlOf(port, 'postgres', 'postgres'), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    },
  }
  disposeWithTest(database)
  return database
}

function disposeWithTest(database: TestDatabase): void {
  try {
    onTestFinished(() => database[Symbol.asyncDispose]())
  } catch {
    // Called outside a test: the whole cluster goes at the end of the run.
  }
}

async function portOfCluster(): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${inject('postgresDoor')}/`)
  if (!response.ok) throw new Error(`No Postgres for the tests: ${await response.text()}`)
  return ((await response.json()) as { port: number }).port
}

async function runOn<R extends Record<string, unknown>>(url: string, text: string, values?: unknown[]): Promise<R[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query<R>(text, values)).rows
  } finally {
    await client.end()
  }
}

const urlOf = (port: number, role: string, database: string) =>
  `postgres://${role}:${role}@127.0.0.1:${port}/${database}`

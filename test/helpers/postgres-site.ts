// A folder and a port for tests that start and stop Postgres themselves.
import { join } from 'node:path'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { type Postgres, startPostgres } from '../../infra/postgres/embedded.ts'
import { makeDataFolder } from './data-folder.ts'
import { freePort } from './free-port.ts'
import { makeTempFolder } from './temp-folder.ts'

/** A place for one Postgres, which by default would not survive a power cut; `said` collects what starting it tells people. Servers stop when the test is over. */
export async function newSite({ isMade = true, isDurable = false } = {}) {
  const folder = await makeTempFolder()
  const said: string[] = []
  const site = { dataDir: join(folder, 'data'), logDir: join(folder, 'log'), port: await freePort() }
  const settings = isDurable ? {} : { settings: { fsync: 'off' } }
  if (isMade) await makeDataFolder(site.dataDir)
  const start = async () => {
    const server = await startPostgres({ ...site, ...settings, say: (line) => said.push(line) })
    onTestFinished(() => server[Symbol.asyncDispose]())
    return server
  }
  return { ...site, said, start }
}

/** One query as the owner. */
export async function query(server: Postgres, text: string, values?: unknown[]): Promise<unknown[]> {
  const client = new pg.Client(server.url('postgres', 'postgres'))
  await client.connect()
  try {
    return (await client.query(text, values)).rows
  } finally {
    await client.end()
  }
}

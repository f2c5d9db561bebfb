// One Postgres for all room tests, started by the first that asks. Loaded by vitest as globalSetup in its main process;
// tests run in other processes and reach it through a small HTTP door.
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openLifeline } from '../../infra/local/lifeline.ts'
import { startPostgres } from '../../infra/postgres/embedded.ts'
import { migrate } from '../../infra/postgres/migrate.ts'
import { freePort } from './free-port.ts'
import { newTempFolder } from './temp-folder.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Port of the door; asking it starts Postgres if need be and answers with its port. */
    postgresDoor: number
  }
}

/** Migrated and seeded; copied for each test database. */
export const templateDatabase = 'shop_template'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const resources = new AsyncDisposableStack()
  let starting: Promise<number> | undefined
  const door = createServer((_, response) => {
    starting ??= startCluster(resources)
    starting.then(
      (port) => response.end(JSON.stringify({ port })),
      (error: Error) => response.writeHead(500).end(error.message),
    )
  })
  door.listen(0, '127.0.0.1')
  await once(door, 'listening')
  resources.defer(() => void door.close())
  project.provide('postgresDoor', (door.address() as AddressInfo).port)
  return () => resources.disposeAsync()
}

async function startCluster(resources: AsyncDisposableStack): Promise<number> {
  const folder = await newTempFolder()
  resources.defer(() => rm(folder, { recursive: true, force: true }))
  const lifeline = resources.use(openLifeline())
  const postgres = await startPostgres({
    dataDir: join(folder, 'data'),
    logDir: join(folder, 'log'),
    port: await freePort(),
    say: () => {},
    // Nothing here has to survive a power cut.
    settings: { fsync: 'off' },
  })
  resources.use(postgres)
  lifeline.protects([], postgres.pid)
  await migrate({ url: postgres.url('postgres', templateDatabase) })
  return postgres.port
}

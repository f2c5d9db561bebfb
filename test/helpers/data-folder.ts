// Data folders for tests that start Postgres themselves: initdb runs once per test file, the rest are copies.
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'
import { findBinaries } from '../../infra/postgres/binaries.ts'
import { initialise } from '../../infra/postgres/initialise.ts'
import { findIdentity } from '../../infra/postgres/run-as.ts'

let made: Promise<string> | undefined

/** Copies a new, empty Postgres data folder to `target`, which does not exist yet. */
export async function copyOfNewDataFolder(target: string): Promise<void> {
  made ??= makeOnce()
  await promisify(execFile)('cp', ['-a', join(await made, 'data'), target])
}

async function makeOnce(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slow-sometimes-initdb-'))
  await chmod(folder, 0o755)
  const dataDir = join(folder, 'data')
  const binaries = await findBinaries()
  await initialise({ dataDir, binaries, identity: await findIdentity([binaries.postgres, dataDir]) })
  return folder
}

afterAll(async () => {
  if (made !== undefined) await rm(await made, { recursive: true, force: true })
})

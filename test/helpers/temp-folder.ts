// A folder of one's own for a test.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Passable for everybody, since Postgres may run as another user. */
export async function newTempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slow-sometimes-'))
  await chmod(folder, 0o755)
  return folder
}

/** The same, removed with the test. */
export async function makeTempFolder(): Promise<string> {
  const folder = await newTempFolder()
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

// A folder of one's own for a test.
import { constants } from 'node:fs'
import { access, chmod, mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

const memory = '/dev/shm'
/** What the databases of one whole run need, several times over. A container's /dev/shm is often 64 MB. */
const enoughBytes = 2 * 1024 ** 3

/** Passable for everybody, since Postgres may run as another user. In memory where Linux offers that: disks vary. */
export async function newTempFolder(): Promise<string> {
  const folder = await mkdtemp(join((await hasMemory()) ? memory : tmpdir(), 'slow-sometimes-'))
  await chmod(folder, 0o755)
  return folder
}

/** The same, removed with the test. */
export async function makeTempFolder(): Promise<string> {
  const folder = await newTempFolder()
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function hasMemory(): Promise<boolean> {
  try {
    await access(memory, constants.W_OK)
    const { bavail, bsize } = await statfs(memory)
    return bavail * bsize >= enoughBytes
  } catch {
    return false
  }
}

// A checkout of its own for a test: the sources as they are now, the packages by a link.
import { chmod, cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

/** Removed with the test. */
export async function copyOfCheckout(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'slow-sometimes-copy-'))
  onTestFinished(() => rm(copy, { recursive: true, force: true }))
  await chmod(copy, 0o755)
  // Whether node_modules is up to date is told by times, where somebody installed by hand.
  for (const name of ['services', 'loadtest', 'infra', 'package.json', 'package-lock.json'])
    await cp(join(root, name), join(copy, name), { recursive: true, preserveTimestamps: true })
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

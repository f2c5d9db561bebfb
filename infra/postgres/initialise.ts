// Makes a new Postgres data folder: whole or not at all.
import { execFile } from 'node:child_process'
import { chown, rename, rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Binaries } from './binaries.ts'
import { type Identity, makeOwnedFolder, runAs } from './run-as.ts'

const run = promisify(execFile)

/** The role that owns every object. On loopback its password is its name, as for every role of the lab. */
export const owner = 'postgres'

/** Runs initdb beside the target and renames at the end, so that an interrupted run leaves no half-made data folder. */
export async function initialise(site: { dataDir: string; binaries: Binaries; identity: Identity }): Promise<void> {
  const { dataDir, binaries, identity } = site
  const making = `${dataDir}.making-${process.pid}`
  await makeOwnedFolder(making, 0o700, identity)
  const passwordFile = `${making}.password`
  await writeFile(passwordFile, `${owner}\n`)
  if (identity.uid !== undefined && identity.gid !== undefined) await chown(passwordFile, identity.uid, identity.gid)
  try {
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
    const access = [`--username=${owner}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256']
    // --no-sync: a folder that is lost in a power cut right after it was made is simply made again.
    const [file, args, user] = runAs(identity, binaries.initdb, [
      `--pgdata=${making}`,
      ...locale,
      ...access,
      '--no-sync',
    ])
    await run(file, args, { ...user, env: { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin' } })
    // Replaces an empty folder, and fails on any other.
    await rename(making, dataDir)
  } catch (cause) {
    await rm(making, { recursive: true, force: true })
    const said = (cause as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? String(cause)
    throw new Error(`A Postgres data folder could not be made in ${dataDir}: ${said}`, { cause })
  } finally {
    await rm(passwordFile, { force: true })
  }
}

// As whom Postgres runs. It refuses to be root, so root starts it as user `postgres`, created if missing.
import { execFile } from 'node:child_process'
import { chmod, chown, mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Who to run as; empty when the present user may run Postgres. `through` starts a program that changes the user itself. */
export type Identity = { uid?: number; gid?: number; through?: string[] }

/** The identity for programs and data at these paths. */
export async function findIdentity(paths: string[]): Promise<Identity> {
  if (process.getuid?.() !== 0) return {}
  const ids = await idsOf('postgres').catch(createPostgresUser)
  const open = await Promise.all(paths.map(isPassable))
  return open.every(Boolean) ? ids : { ...ids, through: passingAnyFolder }
}

/** What to spawn, and with which options, so that a program runs as that identity. */
export function runAs(
  as: Identity,
  program: string,
  args: string[],
): [string, string[], { uid?: number; gid?: number }] {
  const [changer, ...changing] = as.through ?? []
  if (changer !== undefined) return [changer, [...changing, program, ...args], {}]
  return [program, args, as.uid === undefined || as.gid === undefined ? {} : { uid: as.uid, gid: as.gid }]
}

/** Major version of the server program, for instance 18. Throws a sentence when that user cannot run it. */
export async function majorVersion(postgres: string, identity: Identity): Promise<number> {
  const { stdout } = await run(...runAs(identity, postgres, ['--version'])).catch((cause: unknown) => {
    const hint = identity.uid === undefined ? '' : ' User "postgres" must be able to pass that folder and all above it.'
    throw new Error(`Postgres cannot be run from ${postgres}.${hint}`, { cause })
  })
  return Number(/(\d+)/.exec(stdout)?.[1])
}

/** Makes a folder that belongs to the user Postgres runs as. */
export async function makeOwnedFolder(path: string, mode: number, { uid, gid }: Identity): Promise<void> {
  await mkdir(path, { recursive: true, mode })
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid)
  await chmod(path, mode)
}

/** A checkout in root's own home or in a private temporary folder: keep the one capability that lets `postgres` pass it. */
const passingAnyFolder = [
  'setpriv',
  '--reuid=postgres',
  '--regid=postgres',
  '--clear-groups',
  '--securebits=+no_setuid_fixup',
  '--inh-caps=+dac_read_search',
  '--ambient-caps=+dac_read_search',
]

/** Whether everybody may pass all folders above a path. */
async function isPassable(path: string): Promise<boolean> {
  const folder = dirname(path)
  const { mode } = await stat(folder)
  return (mode & 0o1) !== 0 && (folder === dirname(folder) || isPassable(folder))
}

async function createPostgresUser(): Promise<Identity> {
  await run('groupadd', ['-f', '--system', 'postgres'])
  await run('useradd', ['--system', '-g', 'postgres', '-M', '-s', '/bin/sh', 'postgres'])
  return idsOf('postgres')
}

async function idsOf(user: string): Promise<Identity> {
  const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])])
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
}

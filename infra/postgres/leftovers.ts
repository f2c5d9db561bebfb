// What an earlier run left in the data folder: a server, a pid file, data that cannot be used. Recovered or moved aside,
// never deleted, and said in a line.
import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive } from './alive.ts'
import type { Binaries } from './binaries.ts'
import { initialise } from './initialise.ts'
import { isServerOf, readPidFile, stopServer } from './postmaster.ts'
import type { Identity } from './run-as.ts'

export type DataSite = {
  dataDir: string
  binaries: Binaries
  identity: Identity
  /** Major version of the programs. */
  version: number
  say: (line: string) => void
}

/** A server that outlived its run is stopped; a pid file without a server means a crash, which Postgres recovers from. */
export async function endEarlierServer({ dataDir, say }: DataSite): Promise<void> {
  const file = await readPidFile(dataDir)
  if (!file) return
  if (await isServerOf(file.pid, dataDir)) {
    await stopServer(file.pid)
    return say(`Postgres of an earlier run (pid ${file.pid}) was still running on ${dataDir}: stopped, started again.`)
  }
  // With the pid file Postgres itself makes sure that no session of a killed server still writes; only a file whose pid
  // somebody else has now would keep it from starting.
  if (isAlive(file.pid)) await rm(join(dataDir, 'postmaster.pid'), { force: true })
  say(`Postgres of an earlier run ended without stopping properly: recovered from its write-ahead log.`)
}

/** Makes the data folder if there is none, and anew if Postgres could not use it. */
export async function ensureDataDir(site: DataSite): Promise<void> {
  const entries = await readdir(site.dataDir).catch(() => [])
  if (entries.length === 0) return initialise(site)
  const found = (await readFile(join(site.dataDir, 'PG_VERSION'), 'utf8').catch(() => '')).trim()
  if (found === String(site.version)) return
  await replaceDataDir(site, found ? `is of Postgres ${found}, not ${site.version}` : 'is not a Postgres data folder')
}

/** Moves the data folder aside, makes a new one and says where the old data is. */
export async function replaceDataDir(site: DataSite, why: string): Promise<void> {
  const aside = `${site.dataDir}.broken-${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')}`
  await rename(site.dataDir, aside)
  await initialise(site)
  site.say(`The data folder ${site.dataDir} ${why}: made a new one, the old data is in ${aside}`)
}

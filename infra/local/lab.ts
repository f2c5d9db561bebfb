// Everything on one machine: Postgres, migrations, services, world, workshop, viewer, traffic. Started by `npm start`, by
// tests and by the verifier.
import { randomBytes } from 'node:crypto'
import { chmod, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import packageJson from '../../package.json' with { type: 'json' }
import { ports } from '../../services/kit/ports.ts'
import { migrate } from '../postgres/migrate.ts'
import { readPidFile } from '../postgres/postmaster.ts'
import { claimFolder, refuseTakenPorts } from './claim.ts'
import { openLifeline } from './lifeline.ts'
import { keepPostgres } from './postgres.ts'
import { openOutput } from './process-output.ts'
import { type Supervised, supervise } from './processes.ts'
import { type ProcessSpec, postgresLogDir, stages, topology, type Urls, urlsOf } from './topology.ts'

export type LabOptions = {
  portBase?: number
  /** Holds the database, logs, flags and the bank's ledger. `.data` of this checkout when absent. */
  dataDir?: string
  traffic?: boolean
  seed?: number
  /** Where telemetry goes. The built-in viewer when absent. */
  otlpEndpoint?: string
  /** A service that runs under `node --watch --inspect`. */
  dev?: string
  /** Variables that every child gets on top of its own, such as PATH and HOME. */
  inherit?: Record<string, string>
  say?: (line: string) => void
  /** Replaces the processes to run, for tests of the runner itself. */
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

/** How long a stage may take to stop before it is killed. Services drain their requests and jobs and flush telemetry. */
const stopWithinMs = { traffic: 1_500, shop: 8_000, around: 3_000, viewer: 3_000 } as const

const root = resolve(import.meta.dirname, '../..')

/** Starts the lab and returns when every process is started (not yet healthy: see `ready`). Throws a sentence if it cannot. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const { portBase = 0, traffic = true, seed = 1, inherit = {}, say = () => {}, otlpEndpoint, dev } = options
  const dataDir = resolve(options.dataDir ?? join(root, '.data'))
  await using undo = new AsyncDisposableStack()
  await mkdir(dataDir, { recursive: true })
  // Postgres may run as another user and has to pass this folder.
  await chmod(dataDir, 0o755)
  undo.use(await claimFolder(dataDir))
  const databaseUrl = (role: string) => `postgres://${role}:${role}@127.0.0.1:${ports.postgres + portBase}/shop`
  const standard = topology({
    ...{ portBase, dataDir, traffic, seed, databaseUrl, version: packageJson.version },
    sessionSecret: randomBytes(32).toString('hex'),
    ...(otlpEndpoint === undefined ? {} : { otlpEndpoint }),
    ...(dev === undefined ? {} : { dev }),
  })
  const specs = options.processes?.(standard) ?? standard
  await refuseTakenPorts(await neededPorts(specs, portBase, dataDir))

  const running = new Map<string, Supervised>()
  const outputs = new Map(specs.map((spec) => [spec.name, outputOf(spec, dataDir, say)]))
  const failure = Promise.withResolvers<never>()
  failure.promise.catch(() => {})
  const lifeline = undo.use(openLifeline())
  const pids = () => pidsOf(running, postgres.pid())
  const renewLifeline = () => {
    const { postgres: server, ...others } = pids()
    lifeline.protects(Object.values(others), server)
  }
  undo.defer(() => {
    for (const output of outputs.values()) output.close()
  })
  const postgres = undo.use(
    keepPostgres(
      { dataDir: join(dataDir, 'postgres'), logDir: postgresLogDir(dataDir), port: ports.postgres + portBase, say },
      { onChange: renewLifeline, onGivenUp: (reason) => failure.reject(new Error(reason)) },
    ),
  )
  undo.defer(() => stopAll(specs, running))

  const start = (spec: ProcessSpec) => {
    const output = outputs.get(spec.name) as ReturnType<typeof openOutput>
    const watch = {
      output,
      say,
      onPid: () => queueMicrotask(renewLifeline),
      onGivenUp: (why: string) => failure.reject(new Error(why)),
    }
    running.set(
      spec.name,
      supervise({ name: spec.name, args: spec.args, cwd: root, env: { ...inherit, ...spec.env } }, watch),
    )
  }
  for (const spec of specs.filter(({ needsDatabase }) => !needsDatabase)) start(spec)
  await postgres.start()
  await migrate({ url: databaseUrl('postgres'), say })
  for (const spec of specs.filter(({ needsDatabase }) => needsDatabase)) start(spec)

  const kept = undo.move()
  return {
    urls: urlsOf(portBase),
    portBase,
    dataDir,
    processes: specs,
    databaseUrl,
    kill: (name, signal) => named(running, name).kill(signal),
    pids,
    processOutput: (name) => named(outputs, name).lastLines(),
    ready: (name, signal) => untilHealthy(specs.find((spec) => spec.name === name)?.healthUrl, signal),
    failed: failure.promise,
    killAll: async () => {
      await Promise.all([...running.values()].map((process) => process.stop(0)))
      await kept.disposeAsync()
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

async function stopAll(specs: ProcessSpec[], running: Map<string, Supervised>): Promise<void> {
  for (const stage of stages) {
    const members = specs.filter((spec) => spec.stage === stage).flatMap(({ name }) => running.get(name) ?? [])
    await Promise.all(members.map((process) => process.stop(stopWithinMs[stage])))
  }
}

/** Postgres's own port is not asked about while a server of an earlier run has it: that one is about to be stopped. */
async function neededPorts(specs: ProcessSpec[], portBase: number, dataDir: string) {
  const needed = specs.flatMap(({ name, port }) => (port === undefined ? [] : [{ name, port }]))
  const isOurs = (await readPidFile(join(dataDir, 'postgres'))) !== undefined
  return isOurs ? needed : [...needed, { name: 'postgres', port: ports.postgres + portBase }]
}

function outputOf({ name, isTold }: ProcessSpec, dataDir: string, say: (line: string) => void) {
  const tell = (line: string) => say(`${name}: ${line}`)
  return openOutput({
    file: join(dataDir, 'logs', `${name}.log`),
    onImportant: tell,
    ...(isTold ? { onLine: tell } : {}),
  })
}

function pidsOf(running: Map<string, Supervised>, postgres: number | undefined): Record<string, number> {
  const all = [...running].map(([name, process]) => [name, process.pid()] as const)
  return Object.fromEntries(
    [...all, ['postgres', postgres] as const].filter((entry): entry is [string, number] => entry[1] !== undefined),
  )
}

async function untilHealthy(url: string | undefined, signal?: AbortSignal): Promise<void> {
  if (url === undefined) return
  for (;;) {
    signal?.throwIfAborted()
    const status = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      async (response) => {
        await response.body?.cancel()
        return response.status
      },
      () => 503,
    )
    if (status < 500) return
    await sleep(25, undefined, signal === undefined ? {} : { signal })
  }
}

function named<T>(map: Map<string, T>, name: string): T {
  const found = map.get(name)
  if (found === undefined) throw new Error(`There is no process "${name}": there are ${[...map.keys()].join(', ')}.`)
  return found
}

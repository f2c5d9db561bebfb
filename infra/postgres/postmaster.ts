// The Postgres server process: its pid file, starting it until it is ready, stopping it for good.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive } from './alive.ts'
import { type Identity, runAs } from './run-as.ts'

/** A server that accepts connections. `ended` resolves when the process is gone, whoever ended it. */
export type Postmaster = { pid: number; ended: Promise<void> }

/** Thrown when the server ended before it was ready; `output` holds what it wrote on stderr. */
export class PostgresDidNotStart extends Error {
  override name = 'PostgresDidNotStart'
  readonly output: string
  constructor(output: string) {
    super(`Postgres did not start: ${output.trim().split('\n').at(-1) || 'it wrote nothing'}`)
    this.output = output
  }
}

/** What `postmaster.pid` says: who owns a data folder and whether it is ready. */
export async function readPidFile(dataDir: string): Promise<{ pid: number; isReady: boolean } | undefined> {
  const text = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const lines = text.split('\n')
  return { pid: Math.abs(Number(lines[0])), isReady: lines[7]?.trim() === 'ready' }
}

/** Whether this pid is a server that works in this data folder (a pid file may name a pid that somebody else has now). */
export async function isServerOf(pid: number, dataDir: string): Promise<boolean> {
  if (!isAlive(pid)) return false
  // The command line, because a container's root may not look at the working directory of another user's process.
  if (process.platform === 'linux')
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0').includes(dataDir)
  const { promise, resolve } = Promise.withResolvers<string>()
  execFile('ps', ['-o', 'command=', '-p', String(pid)], (_error, stdout) => resolve(stdout))
  return (await promise).includes(`-D ${dataDir} `)
}

/**
 * Starts the server in a session of its own, so that Ctrl-C in the terminal does not end it before the services.
 * @throws PostgresDidNotStart
 */
export async function startPostmaster(
  program: string,
  args: string[],
  dataDir: string,
  as: Identity,
): Promise<Postmaster> {
  const [file, argv, user] = runAs(as, program, args)
  const env = { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin' }
  const child = spawn(file, argv, { ...user, detached: true, stdio: ['ignore', 'ignore', 'pipe'], env })
  let output = ''
  child.stderr.on('data', (chunk) => (output = (output + chunk).slice(-8_000)))
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()))
  while (!hasEnded(child)) {
    const file = await readPidFile(dataDir)
    if (child.pid !== undefined && file?.pid === child.pid && file.isReady) return { pid: child.pid, ended }
    await sleep(5)
  }
  throw new PostgresDidNotStart(output)
}

/** Fast stop (open transactions are rolled back), then an immediate one, then a kill. Returns when the process is gone. */
export async function stopServer(pid: number): Promise<void> {
  const steps = [
    ['SIGINT', 10_000],
    ['SIGQUIT', 3_000],
    ['SIGKILL', 3_000],
  ] as const
  for (const [signal, waitMs] of steps) {
    if (!isAlive(pid)) return
    send(pid, signal)
    for (const until = Date.now() + waitMs; Date.now() < until && isAlive(pid); ) await sleep(5)
  }
}

const hasEnded = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null || child.pid === undefined

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // Gone meanwhile.
  }
}

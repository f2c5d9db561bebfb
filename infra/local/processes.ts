// Keeps one child process running: starts it, starts it again when it ends unexpectedly, and ends it for good.
import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Output } from './process-output.ts'

export type Command = { name: string; args: string[]; cwd: string; env: Record<string, string> }

export type Watch = {
  output: Output
  say: (line: string) => void
  /** Called once when the process keeps failing at start; `reason` includes its last lines. */
  onGivenUp: (reason: string) => void
  /** Called whenever the process has another pid, or none. */
  onPid: (pid: number | undefined) => void
}

/** A process that is kept running until `stop`. */
export type Supervised = {
  name: string
  pid(): number | undefined
  restarts(): number
  /** Sends a signal to the process itself. It is started again when that ends it. */
  kill(signal: NodeJS.Signals): void
  /** Asks it to end, waits, then kills it and everything it started. Returns when all is gone. */
  stop(waitMs: number): Promise<void>
}

const restartAfterMs = 300
const givesUpAfter = { failures: 5, withinMs: 10_000 }

/** Runs `node <args>` in a process group of its own, so that Ctrl-C in the terminal reaches only the runner. */
export function supervise({ name, args, cwd, env }: Command, watch: Watch): Supervised {
  const { output, say, onGivenUp, onPid } = watch
  let child: ChildProcess | undefined
  let isStopping = false
  let restarts = 0
  let failuresAtMs: number[] = []

  const start = () => {
    const started = spawn(process.execPath, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    child = started
    output.follow(started.stdout, started.stderr)
    started.once('error', (error) => output.note(`could not be started: ${error.message}`))
    started.once('exit', (code, signal) => ended(started, code, signal))
    onPid(started.pid)
  }
  const ended = async (process: ChildProcess, code: number | null, signal: NodeJS.Signals | null) => {
    // Whatever it had started (a watcher's child) goes with it.
    signalGroup(process.pid, 'SIGKILL')
    onPid(undefined)
    if (isStopping) return
    const how = signal ?? `exit code ${code}`
    const now = Date.now()
    // A kill from outside says nothing about whether it can run.
    if (signal !== 'SIGKILL' && signal !== 'SIGTERM')
      failuresAtMs = [...failuresAtMs.filter((at) => now - at < givesUpAfter.withinMs), now]
    if (failuresAtMs.length >= givesUpAfter.failures) {
      isStopping = true
      const last = output
        .lastLines()
        .slice(-15)
        .map((line) => `  ${line}`)
      return onGivenUp(`${name} keeps ending (${how}). Its last lines:\n${last.join('\n')}`)
    }
    await sleep(restartAfterMs)
    if (isStopping) return
    restarts += 1
    say(`${name} ended (${how}), started again`)
    start()
  }
  start()
  return {
    name,
    pid: () => (child && isRunning(child) ? child.pid : undefined),
    restarts: () => restarts,
    kill: (signal) => void (child && isRunning(child) && child.kill(signal)),
    stop: async (waitMs) => {
      isStopping = true
      if (child && isRunning(child)) await end(child, waitMs)
      signalGroup(child?.pid, 'SIGKILL')
    },
  }
}

async function end(child: ChildProcess, waitMs: number): Promise<void> {
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const timer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), waitMs)
  if (isRunning(child)) await gone
  clearTimeout(timer)
}

const isRunning = (child: ChildProcess) =>
  child.pid !== undefined && child.exitCode === null && child.signalCode === null

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined || pid <= 1) return
  try {
    process.kill(-pid, signal)
  } catch {
    // The whole group is gone already, which is what was wanted.
  }
}

// All child processes of a lab: started one by one, looked up by name, stopped stage by stage.
import { join } from 'node:path'
import { openOutput } from './process-output.ts'
import { type Supervised, supervise } from './processes.ts'
import { sparingly } from './sparing.ts'
import { type ProcessSpec, stages } from './topology.ts'

export type FleetOptions = {
  dataDir: string
  /** Working directory of every process. */
  root: string
  /** Variables that every process gets on top of its own. */
  inherit: Record<string, string>
  say: (line: string) => void
  onGivenUp: (reason: string) => void
  /** Called whenever a process has another pid, or none. */
  onPids: () => void
}

/** Disposing stops every process, stage by stage, and leaves none. */
export interface Fleet extends AsyncDisposable {
  start(spec: ProcessSpec): void
  kill(name: string, signal: NodeJS.Signals): void
  pids(): Record<string, number>
  output(name: string): string[]
  killAll(): Promise<void>
}

/** How long a stage may take to stop before it is killed. Services drain requests and jobs and flush their telemetry. */
const stopWithinMs = { traffic: 1_500, shop: 8_000, around: 3_000, viewer: 3_000 } as const

export function openFleet(specs: readonly ProcessSpec[], options: FleetOptions): Fleet {
  const { dataDir, root, inherit, say, onGivenUp, onPids } = options
  const running = new Map<string, Supervised>()
  const outputs = new Map(specs.map((spec) => [spec.name, outputOf(spec, dataDir, say)]))
  return {
    start({ name, args, env }) {
      const watch = { output: named(outputs, name), say, onGivenUp, onPid: () => queueMicrotask(onPids) }
      running.set(name, supervise({ name, args, cwd: root, env: { ...inherit, ...env } }, watch))
    },
    kill: (name, signal) => named(running, name).kill(signal),
    pids: () =>
      Object.fromEntries(
        [...running].flatMap(([name, process]) => {
          const pid = process.pid()
          return pid === undefined ? [] : [[name, pid]]
        }),
      ),
    output: (name) => named(outputs, name).lastLines(),
    killAll: async () => void (await Promise.all([...running.values()].map((process) => process.stop(0)))),
    async [Symbol.asyncDispose]() {
      for (const stage of stages) {
        const members = specs.filter((spec) => spec.stage === stage).flatMap(({ name }) => running.get(name) ?? [])
        await Promise.all(members.map((process) => process.stop(stopWithinMs[stage])))
      }
      for (const output of outputs.values()) output.close()
    },
  }
}

function outputOf({ name, isTold }: ProcessSpec, dataDir: string, say: (line: string) => void) {
  const tell = (line: string) => say(`${name}: ${line}`)
  const file = join(dataDir, 'logs', `${name}.log`)
  return openOutput({ file, onImportant: sparingly(tell, { where: file }), ...(isTold ? { onLine: tell } : {}) })
}

function named<T>(map: Map<string, T>, name: string): T {
  const found = map.get(name)
  if (found === undefined) throw new Error(`There is no process "${name}": there are ${[...map.keys()].join(', ')}.`)
  return found
}

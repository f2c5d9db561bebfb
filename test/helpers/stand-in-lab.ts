// Labs of the local runner with small stand-ins instead of the services. Postgres is real.
import { rm } from 'node:fs/promises'
import { onTestFinished } from 'vitest'
import { type Lab, type LabOptions, startLab } from '../../infra/local/lab.ts'
import type { ProcessSpec } from '../../infra/local/topology.ts'
import { ports } from '../../services/kit/ports.ts'
import { freePort } from './free-port.ts'
import { newTempFolder } from './temp-folder.ts'

/** Runs for ever. */
export const idle = 'setInterval(() => {}, 1000)'

/** A process that runs this JavaScript. */
export function standIn(name: string, code: string, more: Partial<ProcessSpec> = {}): ProcessSpec {
  return { name, args: ['-e', code], env: {}, stage: 'shop', needsDatabase: true, ...more }
}

export type StandInLab = { lab: Lab; said: string[] }

/** Starts a lab on a folder and ports of its own. Dispose it, or use `startStandInLab` in a test. */
export async function openStandInLab(
  processes: ProcessSpec[],
  options: LabOptions = {},
): Promise<StandInLab & AsyncDisposable> {
  await using made = new AsyncDisposableStack()
  const dataDir = options.dataDir ?? (await newTempFolder())
  if (options.dataDir === undefined) made.defer(() => rm(dataDir, { recursive: true, force: true }))
  const said: string[] = []
  const lab = await startLab({
    ...{ portBase: await freeBase(), ...options, dataDir },
    say: (line) => said.push(line),
    processes: () => processes,
  })
  made.use(lab)
  const site = made.move()
  return { lab, said, [Symbol.asyncDispose]: () => site.disposeAsync() }
}

/** The same, stopped and removed with the test. */
export async function startStandInLab(processes: ProcessSpec[], options: LabOptions = {}): Promise<StandInLab> {
  const opened = await openStandInLab(processes, options)
  onTestFinished(() => opened[Symbol.asyncDispose]())
  return opened
}

/** A base under which at least Postgres's port is free; stand-ins listen nowhere. */
export async function freeBase(): Promise<number> {
  return (await freePort()) - ports.postgres
}

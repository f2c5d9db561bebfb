// A lab for measuring: ports and data of its own, so that one that is running stays as it is.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PlayOptions, play } from '../../../loadtest/driver.ts'
import type { Outcome } from '../../../loadtest/outcome.ts'
import { plan } from '../../../loadtest/plan.ts'
import { type Profile, proof } from '../../../loadtest/profiles.ts'
import { type Lab, type LabOptions, startLab } from '../lab.ts'
import { signalOf, unlessAborted } from './unless-aborted.ts'

const portBase = 15_000

/** Makes a data folder that lasts for `work`. */
export async function inDataDir<T>(work: (dataDir: string) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'slow-sometimes-bench-'))
  await chmod(dataDir, 0o755)
  try {
    return await work(dataDir)
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** `signal` aborts when there is no use in going on: somebody stops the bench, or a process of the lab is given up. */
export type BenchLab = Lab & { signal: AbortSignal }

/** Starts a lab and waits until every process answers. */
export async function benchLab(stop: AbortSignal, options: LabOptions & { dataDir: string }): Promise<BenchLab> {
  await using undo = new AsyncDisposableStack()
  const lab = undo.use(await startLab({ portBase, traffic: false, ...options }))
  const signal = AbortSignal.any([stop, signalOf(lab.failed)])
  await unlessAborted(signal, () => Promise.all(lab.processes.map(({ name }) => lab.ready(name, signal))))
  undo.move()
  return { ...lab, signal }
}

/** A lab of its own for `work`, gone afterwards. Rejects when it is stopped, and with a sentence when a process of it is given up. */
export function inBenchLab<T>(
  stop: AbortSignal,
  work: (lab: BenchLab) => Promise<T>,
  options: LabOptions = {},
): Promise<T> {
  return inDataDir(async (dataDir) => {
    await using lab = await benchLab(stop, { ...options, dataDir })
    const working = work(lab)
    try {
      return await unlessAborted(lab.signal, () => working)
    } catch (error) {
      // The next lab has the same ports: what still asks this one must have ended by then. After a stop there is no next one.
      const ended = working.catch(() => {})
      await unlessAborted(stop, () => ended)
      throw error
    }
  })
}

/** Plays checkouts at the proof's rate of 20 a second and gives what came of them. */
export const playProof = (lab: BenchLab, seed: number, durationSeconds: number): Promise<Outcome[]> =>
  playAt(lab, { seed, durationSeconds })

type Played = PlayOptions & { seed: number; durationSeconds: number } & Partial<
    Pick<Profile, 'ratePerSecond' | 'stages'>
  >

/** The same at any rate, or along one that changes. */
export async function playAt(lab: BenchLab, { seed, durationSeconds, ratePerSecond, stages, ...options }: Played) {
  const outcomes: Outcome[] = []
  const profile: Profile = {
    ...proof,
    ...{ durationSeconds, ratePerSecond: ratePerSecond ?? proof.ratePerSecond },
    ...(stages === undefined ? {} : { stages }),
  }
  const played = play(plan(profile, seed), new URL(lab.urls.api), lab.signal, options)
  for await (const outcome of played) outcomes.push(outcome)
  // Half a plan is not to be taken for a whole one.
  lab.signal.throwIfAborted()
  return outcomes
}

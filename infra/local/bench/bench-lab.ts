// A lab for measuring: ports and data of its own, so that one that is running stays as it is.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PlayOptions, play } from '../../../loadtest/driver.ts'
import type { Outcome } from '../../../loadtest/outcome.ts'
import { plan } from '../../../loadtest/plan.ts'
import { type Profile, proof } from '../../../loadtest/profiles.ts'
import { type Lab, type LabOptions, startLab } from '../lab.ts'

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

/** Starts a lab and waits until every process answers. */
export async function benchLab(options: LabOptions & { dataDir: string }): Promise<Lab> {
  const lab = await startLab({ portBase, traffic: false, ...options })
  await Promise.race([lab.failed, Promise.all(lab.processes.map(({ name }) => lab.ready(name)))])
  return lab
}

/** A lab of its own for `work`, gone afterwards. */
export function inBenchLab<T>(work: (lab: Lab) => Promise<T>, options: LabOptions = {}): Promise<T> {
  return inDataDir(async (dataDir) => {
    await using lab = await benchLab({ ...options, dataDir })
    return await work(lab)
  })
}

/** Plays checkouts at the proof's rate of 20 a second and gives what came of them. */
export const playProof = (lab: Lab, seed: number, durationSeconds: number): Promise<Outcome[]> =>
  playAt(lab, { seed, durationSeconds })

type Played = PlayOptions & { seed: number; durationSeconds: number } & Partial<
    Pick<Profile, 'ratePerSecond' | 'stages'>
  >

/** The same at any rate, or along one that changes. */
export async function playAt(lab: Lab, { seed, durationSeconds, ratePerSecond, stages, ...options }: Played) {
  const outcomes: Outcome[] = []
  const profile: Profile = {
    ...proof,
    ...{ durationSeconds, ratePerSecond: ratePerSecond ?? proof.ratePerSecond },
    ...(stages === undefined ? {} : { stages }),
  }
  const never = new AbortController().signal
  for await (const outcome of play(plan(profile, seed), new URL(lab.urls.api), never, options)) outcomes.push(outcome)
  return outcomes
}

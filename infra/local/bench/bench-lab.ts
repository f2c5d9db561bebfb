// A lab for measuring: ports and data of its own, so that one that is running stays as it is.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { play } from '../../../loadtest/driver.ts'
import type { Outcome } from '../../../loadtest/outcome.ts'
import { plan } from '../../../loadtest/plan.ts'
import { proof } from '../../../loadtest/profiles.ts'
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

/** Plays checkouts at the proof's rate of 20 a second and gives what came of them. */
export async function playProof(lab: Lab, seed: number, durationSeconds: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const arrivals = plan({ ...proof, durationSeconds }, seed)
  for await (const outcome of play(arrivals, new URL(lab.urls.api), new AbortController().signal))
    outcomes.push(outcome)
  return outcomes
}

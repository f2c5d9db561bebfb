// Proofs for machines: what `verify --json` writes.
import type { State } from '../lens/evidence.ts'
import type { Proof } from './proof.ts'
import { overallOf } from './summary-table.ts'

export type ProofJson = { scenario: string; seed: number; state: State } & Record<string, unknown>

/** One proof without its windows' contents: verdict, rows, numbers, and what the driver had to say. */
export function proofJson({ recording, judgement, explanation }: Proof): ProofJson {
  const { scenario, seed, recordedAt } = recording
  const windows = Object.fromEntries(
    Object.entries(recording.windows).map(([name, { window, samples, facts, lagMs }]) => [
      name,
      { ...window, checkouts: samples.length, ...facts, lagMs },
    ]),
  )
  return { scenario, seed, recordedAt, ...judgement, explanation, windows }
}

/** The whole file. What was stopped before all `planned` proofs were done is inconclusive at best. */
export function proofsJson(runs: readonly ProofJson[], planned: number): string {
  const missing = runs.length < planned ? [{ state: 'inconclusive' } as const] : []
  return `${JSON.stringify({ state: overallOf([...runs, ...missing]), planned, runs }, undefined, 2)}\n`
}

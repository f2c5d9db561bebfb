// What benches share: where to tell how far they are, what they were asked for, and the knee once it is known.
import { kneeOf } from './knee.ts'
import type { BenchOptions } from './options.ts'

export type BenchContext = {
  say: (line: string) => void
  /** Aborts when the bench is stopped. */
  signal: AbortSignal
  /** The knee, as it was given or found; searched for once where it was neither. */
  knee: () => Promise<number>
  /** Tells those that come later. */
  knew: (kneePerSecond: number) => void
  /** How long the soak takes. */
  minutes: number
  /** The program k6. */
  k6: string
}

export function contextOf({ knee, minutes, k6 }: BenchOptions, signal: AbortSignal): BenchContext {
  const say = (line: string) => console.log(`  ${line}`)
  let known = knee
  const search = async () => {
    say('the knee comes first, since the rest depends on it (--knee 40 says it)')
    const { heldAt } = await kneeOf({ say, signal }, 100)
    if (heldAt === undefined) throw new Error('This machine does not keep the objective at any rate.')
    return heldAt
  }
  return {
    ...{ say, signal, minutes, k6 },
    knee: async () => (known ??= await search()),
    knew: (kneePerSecond) => {
      known ??= kneePerSecond
    },
  }
}

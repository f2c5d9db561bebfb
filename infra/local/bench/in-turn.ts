// The benches one after another, and what of their numbers is there however they end.
import type { Bench, Measurement } from '../bench.ts'
import type { BenchContext } from './context.ts'

/**
 * A bench that fails does not take the numbers of the others with it. A stop ends the one at work, those before it are kept, and
 * those behind it do not begin.
 */
export async function inTurn(
  benches: Bench[],
  context: BenchContext,
  tell: (line: string) => void = console.log,
): Promise<Measurement[]> {
  const { signal } = context
  const measurements: Measurement[] = []
  for (const { name, seconds, run } of benches) {
    if (signal.aborted) break
    tell(`${name} (about ${seconds} s) …`)
    try {
      measurements.push(...(await run(context)))
    } catch (error) {
      measurements.push(signal.aborted ? stopped(name) : failed(name, error))
    }
  }
  return measurements
}

const stopped = (what: string): Measurement => ({ what, goal: '', measured: 'stopped before it was done' })

function failed(what: string, error: unknown): Measurement {
  const why = error instanceof Error ? error.message : String(error)
  return { what, goal: '', measured: `failed: ${why}`, isReached: false }
}

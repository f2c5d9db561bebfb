// A neighbour on the same machine: a batch that prices a catalogue anew on every core there is. Outside: not instrumented.
import { once } from 'node:events'
import { availableParallelism, hostname } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Flags } from '../../services/kit/flags/watch.ts'
import type { Random } from '../../services/kit/random.ts'
import { again } from './again.ts'
import { repricing } from './flags.ts'

export type RepricingOptions = { flags: Flags; random: Random; lastsMs: number; everyMs: number }

/** Computes for `lastsMs`, pauses for about `everyMs`, and computes again, while the flag says so; until disposed. */
export function startRepricing({ flags, lastsMs, ...when }: RepricingOptions): AsyncDisposable {
  return again({
    ...when,
    isWanted: () => flags.pick(repricing, { 'host.name': hostname() }) === 'by-day',
    work: (signal) => Promise.all(Array.from({ length: availableParallelism() }, () => computed(lastsMs, signal))),
  })
}

async function computed(lastsMs: number, signal: AbortSignal): Promise<void> {
  const worker = new Worker(new URL('./repricing-work.ts', import.meta.url), { workerData: { lastsMs } })
  const stop = () => void worker.terminate()
  signal.addEventListener('abort', stop, { once: true })
  try {
    await once(worker, 'exit')
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

// The memory of every process of a lab, again and again while something else goes on.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../lab.ts'
import { type Memory, memoryOf } from '../memory.ts'

export type MemorySample = Memory & { atMs: number }

/** Samples until `work` is done; gives both. */
export async function memoryDuring<T>(
  lab: Lab,
  everyMs: number,
  work: () => Promise<T>,
): Promise<{ result: T; samples: MemorySample[] }> {
  const samples: MemorySample[] = []
  const done = new AbortController()
  const sampling = (async () => {
    while (!done.signal.aborted) {
      samples.push({ ...(await memoryOf(lab.pids())), atMs: performance.now() })
      await sleep(everyMs, undefined, { signal: done.signal }).catch(() => {})
    }
  })()
  try {
    return { result: await work(), samples }
  } finally {
    done.abort()
    await sampling
  }
}

export const inMiB = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`

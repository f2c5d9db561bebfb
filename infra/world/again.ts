// What the world does again and again while somebody wants it to, with pauses.
import { setTimeout as wait } from 'node:timers/promises'
import { between, type Random } from '../../services/kit/random.ts'

/** How often is looked whether it is wanted, while it is not. */
const idleMs = 500

/** `work` throws what it likes: it is done anew next time. It ends soon after `signal` aborts. */
export type AgainOptions = {
  isWanted: () => boolean
  work: (signal: AbortSignal) => Promise<unknown>
  everyMs: number
  random: Random
}

/** Works, pauses for about `everyMs`, and works again, until disposed. */
export function again({ isWanted, work, everyMs, random }: AgainOptions): AsyncDisposable {
  const stopping = new AbortController()
  const { signal } = stopping
  const pause = (ms: number) => wait(ms, undefined, { signal }).catch(() => {})
  const working = (async () => {
    while (!signal.aborted) {
      if (isWanted()) {
        await work(signal).catch(() => {})
        // Not to the second, or it would always meet the same second of other things that repeat.
        await pause(everyMs * 0.9 + between(random, 0, everyMs * 0.2))
      } else await pause(idleMs)
    }
  })()
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort()
      await working
    },
  }
}

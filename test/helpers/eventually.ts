// Waiting in tests: ask until it holds, and say what never did.
import { setTimeout as sleep } from 'node:timers/promises'

/** Repeats `check` until it stops throwing and gives what it returned. Fails with `what` and the last error. */
export async function eventually<T>(
  what: string,
  check: () => T | Promise<T>,
  { withinMs = 5000, everyMs = 25 }: { withinMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = Date.now() + withinMs
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() >= deadline) {
        const last = error instanceof Error ? error.message : String(error)
        throw new Error(`Not within ${withinMs} ms: ${what}. Last: ${last}`, { cause: error })
      }
    }
    await sleep(everyMs)
  }
}

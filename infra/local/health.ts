// Waiting until a process is of use.
import { setTimeout as sleep } from 'node:timers/promises'

/** Asks until the answer is no failure. Rejects only when `signal` aborts. */
export async function untilHealthy(url: string, signal = new AbortController().signal): Promise<void> {
  while ((await statusOf(url, signal)) >= 500) await sleep(25, undefined, { signal })
}

/** The status of the answer; 503 while nobody answers. */
async function statusOf(url: string, signal: AbortSignal): Promise<number> {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]) })
    await response.body?.cancel()
    return response.status
  } catch {
    signal.throwIfAborted()
    return 503
  }
}

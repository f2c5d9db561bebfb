// Baseline traffic makes room for a proof: it plays in stretches, between the pauses that the workshop asks for.
import { setTimeout as sleep } from 'node:timers/promises'

const pollEveryMs = 250
const answerWithinMs = 1000

/** Asks the workshop whether traffic is to pause. One that is absent, down or talks nonsense pauses nothing. */
export async function isPausedBy(workshopUrl: string | undefined): Promise<boolean> {
  if (!workshopUrl) return false
  try {
    const response = await fetch(new URL('/api/traffic', workshopUrl), { signal: AbortSignal.timeout(answerWithinMs) })
    const body: unknown = await response.json()
    return typeof body === 'object' && body !== null && Reflect.get(body, 'paused') === true
  } catch {
    return false
  }
}

/** Gives a signal for each stretch in which traffic may flow; it aborts at the next pause, or with `stop`. */
export async function* openStretches(isPaused: () => Promise<boolean>, stop: AbortSignal): AsyncGenerator<AbortSignal> {
  while (!stop.aborted) {
    if (await isPaused()) {
      await wait(pollEveryMs, stop)
      continue
    }
    const stretch = new AbortController()
    const watching = closeWhenPaused(stretch, isPaused, stop)
    yield stretch.signal
    stretch.abort()
    await watching
  }
}

async function closeWhenPaused(stretch: AbortController, isPaused: () => Promise<boolean>, stop: AbortSignal) {
  const ended = AbortSignal.any([stop, stretch.signal])
  while (!ended.aborted && !(await isPaused())) await wait(pollEveryMs, ended)
  stretch.abort()
}

/** Sleeps, but not past the signal. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined)
}

// Deadlines travel as remaining milliseconds: clocks of two machines need not agree, and work nobody waits for stops.
import { DeadlineExceeded, InvalidRequest } from '../errors.ts'
import { headers } from '../telemetry/names.ts'

export type Deadline = {
  /** Milliseconds left, never negative. */
  remainingMs(): number
  /** Aborted when no time is left. */
  readonly signal: AbortSignal
  /** Throws DeadlineExceeded when no time is left. */
  check(): void
}

/** A deadline that many milliseconds from now. */
export function deadlineIn(ms: number): Deadline {
  const endsAt = performance.now() + ms
  const remainingMs = () => Math.max(0, endsAt - performance.now())
  return {
    remainingMs,
    signal: AbortSignal.timeout(Math.ceil(ms)),
    check: () => {
      if (remainingMs() === 0) throw new DeadlineExceeded(`The caller's time of ${Math.round(ms)} ms is used up.`)
    },
  }
}

/** What `work` comes to. Throws DeadlineExceeded with the sentence `late` when time is up before; the work goes on. */
export function beforeDeadline<T>({ signal }: Deadline, work: Promise<T>, late: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const isLate = () => reject(new DeadlineExceeded(late))
    if (signal.aborted) isLate()
    signal.addEventListener('abort', isLate, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', isLate))
  })
}

/**
 * The deadline a caller passed on, but never longer than `atMostMs`.
 * @throws InvalidRequest when the header is not a number of milliseconds.
 */
export function deadlineOf(
  request: { headers: Record<string, string | string[] | undefined> },
  atMostMs: number,
): Deadline {
  const given = request.headers[headers.remainingMs]
  if (given === undefined) return deadlineIn(atMostMs)
  if (typeof given !== 'string' || !/^\d{1,9}$/.test(given)) {
    throw new InvalidRequest(`Header ${headers.remainingMs} is ${JSON.stringify(given)}: expected whole milliseconds.`)
  }
  return deadlineIn(Math.min(Number(given), atMostMs))
}

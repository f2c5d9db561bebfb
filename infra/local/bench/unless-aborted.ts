// Work that is of no use any more once a signal has aborted.

/** What `work` gives, or the signal's reason thrown as soon as it aborts; what the work has going is not waited for. */
export async function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([aborted.promise, work()])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Aborts with what the promise rejects with. */
export function signalOf(failed: Promise<never>): AbortSignal {
  const controller = new AbortController()
  failed.catch((reason) => controller.abort(reason))
  return controller.signal
}

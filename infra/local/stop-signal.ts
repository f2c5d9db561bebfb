// When the runner is asked to stop: Ctrl-C, a signal, the terminal closing, or npm going away.

export type StopSignal = {
  /** Aborts when asked for the first time. */
  signal: AbortSignal
  /** Resolves then. */
  asked: Promise<void>
  /** Calls `end` when asked again. */
  onSecond(end: () => void): void
}

/** npm passes on a Ctrl-C that the terminal has sent us already; what follows this closely is the same one. */
const sameOneWithinMs = 400

export function stopSignal({ isUnderNpm }: { isUnderNpm: boolean }): StopSignal {
  const controller = new AbortController()
  const asked = Promise.withResolvers<void>()
  let firstAtMs = 0
  let onSecond = () => {}
  const ask = () => {
    if (firstAtMs === 0) {
      firstAtMs = Date.now()
      controller.abort()
      asked.resolve()
    } else if (Date.now() - firstAtMs > sameOneWithinMs) onSecond()
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, ask)
  if (isUnderNpm) whenOrphaned(ask)
  return {
    signal: controller.signal,
    asked: asked.promise,
    onSecond: (end) => {
      onSecond = end
    },
  }
}

/** A SIGTERM to npm ends the shell between us and never reaches us; that our parent is gone says the same. */
function whenOrphaned(stop: () => void): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    stop()
  }, 500)
  timer.unref()
}

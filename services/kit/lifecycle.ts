// How a process starts and stops: open things in order, wait for a signal, undo them in reverse.

/** Whatever is opened while starting; everything in it is disposed in reverse order at the end. */
export type Resources = Pick<AsyncDisposableStack, 'use' | 'defer'>

/** After this a process that is still stopping is ended the hard way. */
const stopWithinMs = 10_000

/**
 * Runs a process from start to stop. `start` opens what the process needs; SIGTERM or SIGINT ends it. A failure while
 * starting prints its message and sets exit code 1. Nothing calls process.exit(): telemetry is flushed on `beforeExit`.
 */
export async function untilStopped(start: (resources: Resources) => Promise<void>): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
  })
  try {
    await using resources = new AsyncDisposableStack()
    await start(resources)
    await stopped
    setTimeout(() => process.exit(1), stopWithinMs).unref()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
    // A half-started process may hold open sockets that would keep it alive.
    setTimeout(() => process.exit(1), 2_000).unref()
  }
}

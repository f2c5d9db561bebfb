// The open-loop player: every arrival starts at its own time, however slow the ones before it are.
import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { type Client, createClient } from './client.ts'
import { noAnswer, type Outcome } from './outcome.ts'
import type { Arrival } from './plan.ts'
import { createSessions } from './sessions.ts'
import { epochOf, untilDue, type VisitDeps, visit } from './visit.ts'

export type { Outcome } from './outcome.ts'

export type PlayOptions = {
  /** Marks this run in telemetry (`shop.run`) and in idempotency keys; drawn when absent. */
  run?: string
  /** How long before it is due an arrival signs in and fills its cart. */
  aheadMs?: number
  /** How long an answer may take. */
  timeoutMs?: number
  /** Arrivals in hand, preparing ones included. Beyond it an arrival is not sent but reported as `dropped`. */
  maxInFlight?: number
  /** How long those already due may go on after the signal. */
  graceMs?: number
  /** Session tokens by user id; hand the same map to the next play and nobody signs in twice. */
  tokens?: Map<string, string>
}

const defaults = { aheadMs: 1000, timeoutMs: 30_000, maxInFlight: 2000, graceMs: 5000 }

/**
 * Plays arrivals (a plan or an endless source, in order of `atMs`) and gives their outcomes as they come in.
 * The first arrival is due `aheadMs` after the call, the others relative to it. Reading slowly does not slow the play.
 * After the signal no arrival starts; those already due have `graceMs` to finish, then they end as `aborted`.
 */
export function play(
  arrivals: Iterable<Arrival>,
  target: URL,
  signal: AbortSignal,
  options: PlayOptions = {},
): AsyncIterable<Outcome> {
  const reader = new AbortController()
  const stop = AbortSignal.any([signal, reader.signal])
  const settings = { ...defaults, run: randomUUID().slice(0, 8), tokens: new Map(), ...options }
  return new ReadableStream<Outcome>({
    async start(stream) {
      let isOpen = true
      const report = (outcome: Outcome) => {
        if (isOpen && !reader.signal.aborted) stream.enqueue(outcome)
      }
      // When the source of arrivals fails, others are still under way.
      await playAll(arrivals, target, stop, settings, report).finally(() => {
        isOpen = false
      })
      if (!reader.signal.aborted) stream.close()
    },
    cancel: () => reader.abort(),
  })
}

async function playAll(
  arrivals: Iterable<Arrival>,
  target: URL,
  signal: AbortSignal,
  options: Required<PlayOptions>,
  report: (outcome: Outcome) => void,
): Promise<void> {
  using client = createClient(target, options.timeoutMs)
  using _ = cutOffAfter(options.graceMs, signal, client)
  const { run, aheadMs } = options
  const deps: VisitDeps = { client, sessions: createSessions(client, options.tokens), run, aheadMs, signal }
  const inFlight = new Set<Promise<void>>()
  let originMs: number | undefined

  for (const arrival of arrivals) {
    originMs ??= performance.now() + options.aheadMs - arrival.atMs
    const dueMs = originMs + arrival.atMs
    await untilDue(dueMs - options.aheadMs, signal)
    if (signal.aborted) break
    if (inFlight.size >= options.maxInFlight) {
      report(dropped(arrival, dueMs))
      continue
    }
    const visiting = visit(arrival, dueMs, deps).then((outcome) => {
      inFlight.delete(visiting)
      if (outcome) report(outcome)
    })
    inFlight.add(visiting)
  }
  await Promise.all(inFlight)
}

/** Ends what is still under way some time after the signal; disposing calls that off. */
export function cutOffAfter(graceMs: number, signal: AbortSignal, client: Client): Disposable {
  let timer: NodeJS.Timeout | undefined
  const begin = () => {
    timer = setTimeout(() => client[Symbol.dispose](), graceMs)
  }
  signal.addEventListener('abort', begin, { once: true })
  return {
    [Symbol.dispose]() {
      signal.removeEventListener('abort', begin)
      clearTimeout(timer)
    },
  }
}

function dropped(arrival: Arrival, dueMs: number): Outcome {
  return { arrival, dueEpochMs: epochOf(dueMs), latencyMs: 0, startLagMs: 0, status: 0, code: noAnswer.dropped }
}

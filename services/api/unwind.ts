// Undoes an order that will not be placed, and finishes what a crashed or overdue checkout left behind.
import { setTimeout as wait } from 'node:timers/promises'
import { trace } from '@opentelemetry/api'
import { deadlineIn } from '../kit/http/deadline.ts'
import type { Logger } from '../kit/telemetry/log.ts'
import { attributes, spans } from '../kit/telemetry/names.ts'
import { linksTo } from '../kit/telemetry/trace-parent.ts'
import type { Inventory, Payment } from './peers.ts'
import type { ApiSignals } from './signals.ts'
import type { ApiStore, OrderRow } from './store.ts'

export type UnwindDeps = { store: ApiStore; inventory: Inventory; payment: Payment; signals: ApiSignals }

/** Undoing has its own time: the checkout's is usually used up when it is needed. The sweeper has more patience. */
const sweepWithinMs = 5_000

/** How long after its deadline an order is left alone: its own checkout may be undoing it. */
const graceMs = 2_000

/**
 * Gives stock and money back by order id. Works also when neither was taken yet, and when asked twice. Throws when
 * either could not be reached within `withinMs`; the order then stays `unwinding`.
 */
export async function unwind(orderId: string, withinMs: number, deps: UnwindDeps): Promise<void> {
  const { store, inventory, payment } = deps
  const deadline = deadlineIn(withinMs)
  // One that fails must not cut the other short.
  const undone = await Promise.allSettled([inventory.release(orderId, deadline), payment.void(orderId, deadline)])
  for (const part of undone) if (part.status === 'rejected') throw part.reason
  await store.cancel(orderId)
}

/** Looks for unfinished orders every so often, until disposed. */
export function startSweeper(deps: UnwindDeps & { log: Logger; intervalMs: number }): AsyncDisposable {
  const stopping = new AbortController()
  const running = sweepUntil(stopping.signal, deps)
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort()
      await running
    },
  }
}

async function sweepUntil(signal: AbortSignal, deps: UnwindDeps & { log: Logger; intervalMs: number }): Promise<void> {
  while (!signal.aborted) {
    try {
      for (const order of await deps.store.overdue(graceMs, 50)) await sweep(order, deps)
    } catch (error) {
      deps.log.warn({ err: error }, 'unfinished orders could not be undone yet')
    }
    await wait(deps.intervalMs, undefined, { signal }).catch(() => {})
  }
}

/** One order, in a trace of its own that links to the checkout's. */
function sweep({ id, state, traceparent }: OrderRow, deps: UnwindDeps): Promise<void> {
  const options = { attributes: { [attributes.orderId]: id }, links: linksTo(traceparent) }
  return trace.getTracer('shop').startActiveSpan(spans.sweepOrder, options, async (span) => {
    try {
      const isOurs = state === 'unwinding' || (await deps.store.giveUp(id, 'deadline_exceeded'))
      if (!isOurs) return
      deps.signals.swept(id)
      await unwind(id, sweepWithinMs, deps)
    } finally {
      span.end()
    }
  })
}

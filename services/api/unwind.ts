// Undoes an order that will not be placed, and finishes what a crashed or overdue checkout left behind.
import { setTimeout as wait } from 'node:timers/promises'
import { deadlineIn } from '../kit/http/deadline.ts'
import type { Logger } from '../kit/telemetry/log.ts'
import { attributes, spans } from '../kit/telemetry/names.ts'
import { inSpan } from '../kit/telemetry/span.ts'
import { linksTo } from '../kit/telemetry/trace-parent.ts'
import { AlreadySettled } from './errors.ts'
import type { Inventory, Payment } from './peers.ts'
import type { ApiSignals } from './signals.ts'
import type { ApiStore, OrderRow } from './store.ts'

export type UnwindDeps = { store: ApiStore; inventory: Inventory; payment: Payment; signals: ApiSignals }
type SweepDeps = UnwindDeps & { log: Logger; intervalMs: number }

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
  for (const part of undone) {
    if (part.status === 'rejected') throw part.reason
    if (part.value.state === 'confirmed' || part.value.state === 'captured') throw new AlreadySettled(orderId)
  }
  await store.cancel(orderId)
}

/** Looks for unfinished orders every so often, until disposed. */
export function startSweeper(deps: SweepDeps): AsyncDisposable {
  const stopping = new AbortController()
  const running = sweepUntil(stopping.signal, deps)
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort()
      await running
    },
  }
}

async function sweepUntil(signal: AbortSignal, deps: SweepDeps): Promise<void> {
  while (!signal.aborted) {
    // Together: one that cannot be undone yet must not keep the others waiting.
    const overdue = await deps.store.overdue(graceMs, 50).catch((error: unknown) => {
      deps.log.warn({ err: error }, 'unfinished orders could not be looked for')
      return []
    })
    await Promise.all(overdue.map((order) => sweep(order, deps)))
    await wait(deps.intervalMs, undefined, { signal }).catch(() => {})
  }
}

/** One order, in a trace of its own that links to the checkout's. What fails is tried again the next time round. */
async function sweep({ id, state, traceparent }: OrderRow, deps: SweepDeps): Promise<void> {
  const finish = async () => {
    try {
      const isOurs = state === 'unwinding' || (await deps.store.giveUp(id, 'deadline_exceeded'))
      if (!isOurs) return
      await unwind(id, sweepWithinMs, deps)
      deps.signals.swept(id)
    } catch (error) {
      deps.log.warn({ err: error, [attributes.orderId]: id }, `order ${id} could not be undone yet`)
      throw error
    }
  }
  await inSpan(spans.sweepOrder, { [attributes.orderId]: id }, finish, linksTo(traceparent)).catch(() => {})
}

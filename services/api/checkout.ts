// The checkout: intent, stock, money, placed. Each step is idempotent by order id, and each can be undone by it.
import { createHash, randomUUID } from 'node:crypto'
import { AppError } from '../kit/errors.ts'
import { type Deadline, deadlineIn } from '../kit/http/deadline.ts'
import { attributes, cartSizeOf } from '../kit/telemetry/names.ts'
import { annotate } from '../kit/telemetry/span.ts'
import { currentTraceparent } from '../kit/telemetry/trace-parent.ts'
import { maxAmountCents } from '../payment/contract.ts'
import type { Order } from './contract.ts'
import { CheckoutInProgress, KeyReused, NoSuchCart, OrderCancelled, TotalTooHigh } from './errors.ts'
import { toOrder } from './orders.ts'
import type { Inventory, Payment } from './peers.ts'
import type { ApiSignals } from './signals.ts'
import type { ApiStore, CartRow, OrderRow, User } from './store.ts'
import { unwind } from './unwind.ts'

export type CheckoutDeps = {
  store: ApiStore
  inventory: Inventory
  payment: Payment
  signals: ApiSignals
  checkoutDeadlineMs: number
}
export type CheckoutRequest = { user: User; cartId: string; key: string }

/**
 * Places the order for a cart. The same key gets the same order; `isNew` tells whether this call placed it.
 * Throws NoSuchCart, KeyReused, CheckoutInProgress, OrderCancelled, or what inventory or payment refused with.
 */
export async function checkout(
  request: CheckoutRequest,
  deps: CheckoutDeps,
): Promise<{ order: Order; isNew: boolean }> {
  const { user, cartId, key } = request
  const deadline = deadlineIn(deps.checkoutDeadlineMs)
  const cart = await deps.store.cart(cartId, user.id)
  if (cart === undefined) throw new NoSuchCart(cartId)
  const orderId = randomUUID()
  const requestHash = createHash('sha256').update(cartId).digest('hex')
  const deadlineMs = deps.checkoutDeadlineMs
  const traceparent = currentTraceparent()
  const isFirst = await deps.store.begin({
    orderId,
    userId: user.id,
    cartId,
    key,
    requestHash,
    deadlineMs,
    traceparent,
  })
  if (!isFirst) return { order: await orderOfKey(request, requestHash, deps), isNew: false }
  const lineCount = cart.lines.length
  annotate({
    [attributes.orderId]: orderId,
    [attributes.cartLines]: lineCount,
    [attributes.cartSize]: cartSizeOf(lineCount),
  })
  return { order: await placed({ orderId, user, cart }, deadline, deps), isNew: true }
}

type Pending = { orderId: string; user: User; cart: CartRow }

async function placed({ orderId, user, cart }: Pending, deadline: Deadline, deps: CheckoutDeps): Promise<Order> {
  const { store, inventory, payment, signals } = deps
  try {
    const { quote } = await inventory.reserve({ orderId, ...cart, tier: user.tier }, deadline)
    const amountCents = quote.totalCents
    if (amountCents > maxAmountCents) throw new TotalTooHigh(amountCents, maxAmountCents)
    await payment.authorise({ orderId, userId: user.id, amountCents }, deadline)
    // The sweeper competes for the same row: whoever changes it first decides.
    if (!(await store.place(orderId, amountCents))) throw new OrderCancelled(orderId, 'deadline_exceeded')
    signals.placed(orderId, amountCents)
    return { orderId, status: 'placed', totalCents: amountCents, currency: quote.currency, reason: null }
  } catch (error) {
    await givenUp(orderId, error instanceof AppError ? error.code : 'internal', deps)
    throw error
  }
}

/** The customer is waiting for the answer meanwhile. */
const undoWithinMs = 800

/** What cannot be undone now stays `unwinding`, and the sweeper goes on with it. */
async function givenUp(orderId: string, why: string, deps: CheckoutDeps): Promise<void> {
  if (!(await deps.store.giveUp(orderId, why).catch(() => false))) return
  deps.signals.unwound(orderId, why)
  await unwind(orderId, undoWithinMs, deps).catch(() => {})
}

/** The order that an earlier request with the same key made, whatever became of it. */
async function orderOfKey(
  { user, key }: CheckoutRequest,
  requestHash: string,
  { store }: CheckoutDeps,
): Promise<Order> {
  const row = (await store.orderByKey(user.id, key)) as OrderRow
  if (row.requestHash !== requestHash) throw new KeyReused(key)
  annotate({ [attributes.orderId]: row.id })
  if (row.state === 'pending') throw new CheckoutInProgress(row.id)
  if (row.state !== 'placed') throw new OrderCancelled(row.id, row.failureCode)
  return toOrder(row)
}

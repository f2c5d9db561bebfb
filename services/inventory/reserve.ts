// Reserves a cart for an order: prices it, and takes every line or none.
import type { Flags } from '../kit/flags/watch.ts'
import type { Deadline } from '../kit/http/deadline.ts'
import type { Tx } from '../kit/store/database.ts'
import { attributes, cartSizeOf, spans } from '../kit/telemetry/names.ts'
import { annotate, inSpan } from '../kit/telemetry/span.ts'
import type { Line, Quote, Reservation, ReserveRequest } from './contract.ts'
import { OrderClosed, OutOfStock } from './errors.ts'
import { cartPricing, priceTurns, reservationLocking } from './flags.ts'
import type { PriceDesk } from './price-desk.ts'
import type { Pricing } from './pricing.ts'
import type { InventorySignals } from './signals.ts'
import { type findReservation, type InventoryStore, insertReservation, lockStock, takeStock } from './store.ts'

export type ReserveDeps = {
  store: InventoryStore
  pricing: Pricing
  desk: PriceDesk
  flags: Flags
  signals: InventorySignals
}

/**
 * Asked twice for the same order, it answers the same. Throws OutOfStock or UnknownProduct naming the first line that
 * cannot be had, and OrderClosed when the order was given up meanwhile.
 */
export async function reserve(cart: ReserveRequest, deadline: Deadline, deps: ReserveDeps): Promise<Reservation> {
  const { store, flags, signals } = deps
  const about = aboutOf(cart)
  annotate({ ...about, [attributes.cartLines]: cart.lines.length })
  try {
    const before = await store.reservation(cart.orderId)
    if (before !== undefined) return repeated(cart.orderId, before)
    const quote = await variants[flags.pick(reservationLocking, about)](cart, deadline, deps)
    signals.reserved(cart.orderId, about[attributes.cartSize])
    return { orderId: cart.orderId, quote }
  } catch (error) {
    if (error instanceof AlreadyClaimed) return repeated(cart.orderId, await store.reservation(cart.orderId))
    if (error instanceof OutOfStock) signals.ranOut(cart.orderId, error.sku)
    throw error
  }
}

const variants = { narrow: priceThenLock, 'across-pricing': lockThenPrice }

/** The price first; the rows are locked only while they change. */
async function priceThenLock(cart: ReserveRequest, deadline: Deadline, deps: ReserveDeps) {
  const { store, flags } = deps
  const takeTurn = turns[flags.pick(priceTurns, aboutOf(cart))]
  const quote = await inPriceSpan(cart, () => takeTurn(cart, deadline, deps))
  await store.transaction(async (tx) => {
    const rows = await lockStock(tx, skusOf(cart.lines))
    deadline.check()
    await claim(tx, cart.orderId, quote)
    await takeStock(tx, cart.orderId, cart.lines, rows)
  })
  return quote
}

/**
 * Agreed prices depend on what is on the shelf, so the shelf is held still until every line has its price: the rows stay
 * locked across a remote call per line, and everyone else who wants a popular product waits for all of them.
 * Stands for transactions that were opened around somebody else's API.
 */
async function lockThenPrice(cart: ReserveRequest, deadline: Deadline, { store, pricing }: ReserveDeps) {
  return store.transaction(async (tx) => {
    const rows = await lockStock(tx, skusOf(cart.lines))
    const quote = await inPriceSpan(cart, () => quoteLines(cart, deadline, pricing))
    await claim(tx, cart.orderId, quote)
    await takeStock(tx, cart.orderId, cart.lines, rows)
    return quote
  })
}

const turns = { 'as-they-come': priceNow, 'in-turn': priceAtDesk }

function priceNow(cart: ReserveRequest, deadline: Deadline, { pricing, flags }: ReserveDeps): Promise<Quote> {
  return pricings[flags.pick(cartPricing, aboutOf(cart))](cart, deadline, pricing)
}

/**
 * Pricing once broke down under a rush, so it is asked from one desk, a question at a time. What takes one question long
 * keeps all behind it waiting, and since the desk asks in nobody's name, neither shows in the trace of whoever waits.
 * Stands for workers, batchers and pools that were put between a caller and a call, and forgot to hand the context over.
 */
function priceAtDesk(cart: ReserveRequest, deadline: Deadline, deps: ReserveDeps): Promise<Quote> {
  return deps.desk.turn(cart.orderId, deadline, () => priceNow(cart, deadline, deps))
}

const pricings = { batched: quoteCart, 'line-by-line': quoteLines }

/** One question, however many lines there are. */
function quoteCart(cart: ReserveRequest, deadline: Deadline, pricing: Pricing): Promise<Quote> {
  return pricing.quote(cart, deadline)
}

/**
 * A question per line, each after the answer to the one before: no more than a loop, and with two lines nobody notices.
 * With forty it is forty round trips, and pricing asks others for each of them.
 * Stands for the n + 1 queries of whoever calls a function for one in a loop over many.
 */
async function quoteLines(cart: ReserveRequest, deadline: Deadline, pricing: Pricing): Promise<Quote> {
  const parts: Quote[] = []
  for (const line of cart.lines) parts.push(await pricing.quote({ ...cart, lines: [line] }, deadline))
  return joined(parts)
}

function inPriceSpan(cart: ReserveRequest, work: () => Promise<Quote>): Promise<Quote> {
  return inSpan(spans.priceCart, { [attributes.cartLines]: cart.lines.length }, work)
}

function joined(parts: Quote[]): Quote {
  return {
    currency: 'EUR',
    lines: parts.flatMap((part) => part.lines),
    totalCents: parts.reduce((sum, part) => sum + part.totalCents, 0),
  }
}

/** The order's row came in meanwhile, from a release or from a twin of this request: undo, and look again. */
class AlreadyClaimed extends Error {}

async function claim(tx: Tx, orderId: string, quote: Quote): Promise<void> {
  if (!(await insertReservation(tx, orderId, 'reserved', quote))) throw new AlreadyClaimed()
}

function repeated(orderId: string, before: Awaited<ReturnType<typeof findReservation>>): Reservation {
  if (before === undefined || before.state === 'released' || before.quote === null) throw new OrderClosed(orderId)
  return { orderId, quote: before.quote }
}

function aboutOf({ orderId, lines, tier }: ReserveRequest) {
  const cartSize = cartSizeOf(lines.length)
  return { [attributes.orderId]: orderId, [attributes.cartSize]: cartSize, [attributes.tier]: tier } as const
}

function skusOf(lines: readonly Line[]): string[] {
  return lines.map((line) => line.sku)
}

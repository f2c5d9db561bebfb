// Carts, and what one would cost.
import { randomUUID } from 'node:crypto'
import type { Deadline } from '../kit/http/deadline.ts'
import { attributes, cartSizeOf } from '../kit/telemetry/names.ts'
import { annotate } from '../kit/telemetry/span.ts'
import type { Cart, CartRequest, CheckoutQuote } from './contract.ts'
import { NoSuchCart } from './errors.ts'
import type { Inventory, Payment } from './peers.ts'
import type { ApiStore, User } from './store.ts'

export type CartDeps = { store: ApiStore; inventory: Inventory; payment: Payment }

export async function addCart(cart: CartRequest, user: User, { store }: CartDeps): Promise<Cart> {
  const cartId = randomUUID()
  await store.addCart(cartId, user.id, cart)
  return { cartId, ...cart }
}

/** Prices a cart and asks whether its owner could pay. Writes nothing. Throws NoSuchCart. */
export async function quoteCart(
  cartId: string,
  user: User,
  deadline: Deadline,
  deps: CartDeps,
): Promise<CheckoutQuote> {
  const cart = await deps.store.cart(cartId, user.id)
  if (cart === undefined) throw new NoSuchCart(cartId)
  const lineCount = cart.lines.length
  annotate({ [attributes.cartLines]: lineCount, [attributes.cartSize]: cartSizeOf(lineCount) })
  const [quote, { eligible }] = await Promise.all([
    deps.inventory.quote({ ...cart, tier: user.tier }, deadline),
    deps.payment.eligibility(user.id, deadline),
  ])
  return { ...quote, eligible }
}

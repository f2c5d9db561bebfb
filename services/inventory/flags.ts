// What this service can be made to do differently. Plain data: the workshop reads it too.
import { defineEdgeFlag, defineFlag } from '../kit/flags/flag.ts'

/** When the rows of a cart are locked: only while they change, or already while the cart is being priced. */
export const reservationLocking = defineFlag({
  name: 'reservation-locking',
  variants: ['narrow', 'across-pricing'],
  calm: 'narrow',
  keys: ['shop.cart_size', 'shop.tier'],
  shareBy: 'shop.order_id',
})

/** Whether pricing is asked about a cart at once, or about each of its lines. */
export const cartPricing = defineFlag({
  name: 'cart-pricing',
  variants: ['batched', 'line-by-line'],
  calm: 'batched',
  keys: ['shop.cart_size', 'shop.tier'],
  shareBy: 'shop.order_id',
})

/** Whether questions to pricing go out as they come, or from one desk and in turn. */
export const priceTurns = defineFlag({
  name: 'price-turns',
  variants: ['as-they-come', 'in-turn'],
  calm: 'as-they-come',
  keys: ['shop.cart_size', 'shop.tier'],
  shareBy: 'shop.order_id',
})

/** How long pricing is waited for: as long as the customer waits, or for a while and then anew. */
export const priceTimeout = defineFlag({
  name: 'price-timeout',
  variants: ['patient', 'hasty'],
  calm: 'patient',
  keys: ['shop.tier'],
  shareBy: 'trace_id',
})

/** How the stock report is read: all of it in one go, or department by department. */
export const reportReading = defineFlag({
  name: 'report-reading',
  variants: ['in-one', 'by-department'],
  calm: 'in-one',
  keys: [],
  shareBy: 'trace_id',
})

export const inventoryEdge = defineEdgeFlag('inventory')

export const inventoryFlags = [
  reservationLocking,
  cartPricing,
  priceTurns,
  priceTimeout,
  reportReading,
  inventoryEdge,
] as const

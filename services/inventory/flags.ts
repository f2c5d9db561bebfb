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

export const inventoryEdge = defineEdgeFlag('inventory')

export const inventoryFlags = [reservationLocking, inventoryEdge] as const

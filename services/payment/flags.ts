// What this service can be made to do differently. Plain data: the workshop reads it too.
import { defineEdgeFlag, defineFlag } from '../kit/flags/flag.ts'

/** Which session of the bank is used while the next one is on its way. */
export const bankSession = defineFlag({
  name: 'bank-session',
  variants: ['until-replaced', 'newest-only'],
  calm: 'until-replaced',
  keys: ['service.instance.id'],
  shareBy: 'shop.order_id',
})

export const paymentEdge = defineEdgeFlag('payment')

export const paymentFlags = [bankSession, paymentEdge] as const

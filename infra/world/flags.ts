// What the world around the shop can be made to do differently. Plain data: the workshop reads it too.
import { defineFlag } from '../../services/kit/flags/flag.ts'

/** Whether the bank takes a card's word for it, or has the issuer ask its customer first. */
export const cardChecks = defineFlag({
  name: 'card-checks',
  variants: ['none', 'step-up'],
  calm: 'none',
  keys: ['shop.card_issuer'],
  shareBy: 'shop.order_id',
})

export const worldFlags = [cardChecks] as const

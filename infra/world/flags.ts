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

/** Whether the bank takes a company's card as any other, or has the company's bookkeeper approve what is bought with it. */
export const companyCards = defineFlag({
  name: 'company-cards',
  variants: ['trusted', 'approved'],
  calm: 'trusted',
  keys: [],
  shareBy: 'shop.order_id',
})

/** Whether the wholesaler's ERP has time for questions, or is busy closing the month. */
export const erpLoad = defineFlag({
  name: 'erp-load',
  variants: ['usual', 'month-end'],
  calm: 'usual',
  keys: [],
  shareBy: 'shop.sku',
})

/** Whether every connection to the bank is as good as the others, or one of them slow, stalled or cut. */
export const bankLink = defineFlag({
  name: 'bank-link',
  variants: ['clear', 'one-slow', 'one-stalled', 'one-cut'],
  calm: 'clear',
  keys: [],
  shareBy: 'network.peer.port',
})

/** How many authorisations the bank takes for one issuer before it says: later. */
export const bankQuota = defineFlag({
  name: 'bank-quota',
  variants: ['ample', 'tight'],
  calm: 'ample',
  keys: ['shop.card_issuer'],
  shareBy: 'shop.order_id',
})

export const worldFlags = [cardChecks, companyCards, bankQuota, bankLink, erpLoad] as const

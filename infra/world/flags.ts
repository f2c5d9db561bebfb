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

/**
 * Where the ERP finds what was agreed: at hand, in a file, in the archive of past years, or with a branch overseas. A share is
 * drawn by the trace that asks, so that what is asked again is found in the same place; long lists may be elsewhere than short.
 */
export const agreementLookup = defineFlag({
  name: 'agreement-lookup',
  variants: ['at-hand', 'on-file', 'in-archive', 'overseas'],
  calm: 'at-hand',
  keys: ['shop.cart_size'],
  shareBy: 'trace_id',
})

/** Whether somebody in the office is reading the stock report. */
export const officeHours = defineFlag({
  name: 'office-hours',
  variants: ['closed', 'open'],
  calm: 'closed',
  keys: [],
  shareBy: 'url.path',
})

/** When a neighbour on the same machine prices its catalogue anew: at night, or while people buy. */
export const repricing = defineFlag({
  name: 'repricing',
  variants: ['at-night', 'by-day'],
  calm: 'at-night',
  keys: [],
  shareBy: 'host.name',
})

export const worldFlags = [
  cardChecks,
  companyCards,
  bankQuota,
  bankLink,
  agreementLookup,
  officeHours,
  repricing,
] as const

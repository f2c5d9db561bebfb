// What this service can be made to do differently. Plain data: the workshop reads it too.
import { defineEdgeFlag, defineFlag } from '../kit/flags/flag.ts'

/** How a typed coupon is checked before it is looked up: each character read once, or every way of cutting it up tried. */
export const couponMatching = defineFlag({
  name: 'coupon-matching',
  variants: ['linear', 'backtracking'],
  calm: 'linear',
  keys: ['shop.tier'],
  shareBy: 'trace_id',
})

/** What is remembered of prices: each product for itself, fetched once for all who want it; or the list, fetched by each. */
export const priceCache = defineFlag({
  name: 'price-cache',
  variants: ['single-flight', 'stampede'],
  calm: 'single-flight',
  keys: [],
  shareBy: 'trace_id',
})

export const pricingEdge = defineEdgeFlag('pricing')

export const pricingFlags = [couponMatching, priceCache, pricingEdge] as const

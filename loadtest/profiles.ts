// How many visitors come, how fast, and what they do: plain data. A profile and a seed make a plan.
import type { JourneyName } from './journeys.ts'
import type { BulkCarts, CouponCarts } from './personas.ts'

export type Stage = { toPerSecond: number; seconds: number }

/** `mix` weighs the journeys (weights need not sum to 1); `bulk` says how many carts are bulk carts and how large, `coupons` how many others have one. */
export type Profile = {
  name: string
  ratePerSecond: number
  /** From `ratePerSecond` on, the rate goes to each of these in turn, in a straight line; one of 0 seconds jumps. Absent: it stays. */
  stages?: readonly Stage[]
  /** `Infinity` for traffic that never ends: such a profile is played with `endless`. */
  durationSeconds: number
  mix: Partial<Record<JourneyName, number>>
  bulk: BulkCarts
  coupons: CouponCarts
}

/** At 20/s, 2 % is a bulk cart every 2.5 s: often enough to matter when each holds a row for most of a second. */
export const usualBulk: BulkCarts = { share: 0.02, minLines: 30, maxLines: 40 }

/** At 20/s, 1.5 % is a coupon with a full stop every 3.3 s. */
export const usualCoupons: CouponCarts = { share: 0.05, miscopiedShare: 0.015 }

/** Checkouts all day long, so that there is always something to look at. */
export const baseline: Profile = {
  name: 'baseline',
  ratePerSecond: 10,
  durationSeconds: Number.POSITIVE_INFINITY,
  mix: { checkout: 1 },
  bulk: usualBulk,
  coupons: usualCoupons,
}

/** One window of a proof: 600 checkouts, all measured. */
export const proof: Profile = { ...baseline, name: 'proof', ratePerSecond: 20, durationSeconds: 30 }

/** A shop on an ordinary day: for each who buys, others look around or ask for a price. */
export const everyday: Profile = {
  ...baseline,
  name: 'everyday',
  ratePerSecond: 20,
  durationSeconds: 60,
  mix: { checkout: 0.5, quote: 0.2, browse: 0.3 },
}

export const profiles = { baseline, proof, everyday } as const

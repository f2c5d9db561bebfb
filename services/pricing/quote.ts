// Prices a cart: the list price of every line, less what the customer's tier or coupon takes off, whichever is more.

import type { Deadline } from '../kit/http/deadline.ts'
import { attributes, cartSizeOf } from '../kit/telemetry/names.ts'
import { annotate } from '../kit/telemetry/span.ts'
import type { Agreements } from './agreements.ts'
import type { PriceCache } from './cache.ts'
import type { Line, Quote, QuotedLine, QuoteRequest, Tier } from './contract.ts'
import { type CouponDeps, percentOff } from './coupons.ts'
import { UnknownProduct } from './errors.ts'
import type { Discount } from './store.ts'

export type QuoteDeps = CouponDeps & { cache: PriceCache; agreements: Agreements }

/** Throws UnknownProduct for the first line that nobody sells. */
export async function quote(
  { lines, tier, coupon }: QuoteRequest,
  deadline: Deadline,
  deps: QuoteDeps,
): Promise<Quote> {
  annotate({
    [attributes.cartLines]: lines.length,
    [attributes.cartSize]: cartSizeOf(lines.length),
    [attributes.tier]: tier,
  })
  const couponPercent = await percentOff(coupon, tier, deps)
  const skus = lines.map((line) => line.sku)
  const prices = await deps.cache.pricesOf(skus, deadline)
  const discounts = await discountsOf(tier, skus, deadline, deps)
  const quoted = lines.map((line) => quotedLine(line, prices.get(line.sku), percentOf(line, discounts, couponPercent)))
  return { currency: 'EUR', lines: quoted, totalCents: quoted.reduce((sum, line) => sum + line.lineCents, 0) }
}

/** Best first. */
async function discountsOf(tier: Tier, skus: string[], deadline: Deadline, deps: QuoteDeps): Promise<Discount[]> {
  if (tier === 'standard') return []
  return tier === 'business' ? deps.agreements.discountsFor(skus, deadline) : deps.store.discountsFor(tier, skus)
}

function percentOf(line: Line, discounts: Discount[], couponPercent: number): number {
  const best = discounts.find((discount) => discount.sku === line.sku && line.quantity >= discount.minQuantity)
  return Math.max(best?.percent ?? 0, couponPercent)
}

function quotedLine(line: Line, listCents: number | undefined, percent: number): QuotedLine {
  if (listCents === undefined) throw new UnknownProduct(line.sku)
  // Whole numbers until the last step, or half a cent is lost now and then: 450 × (1 - 0.33) is 301.49999….
  const unitCents = Math.round((listCents * (100 - percent)) / 100)
  return { ...line, unitCents, lineCents: unitCents * line.quantity }
}

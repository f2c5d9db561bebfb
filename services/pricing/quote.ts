// Prices a cart: the list price of every line, less the best discount that the customer's tier has for it.

import type { Deadline } from '../kit/http/deadline.ts'
import { attributes, cartSizeOf } from '../kit/telemetry/names.ts'
import { annotate } from '../kit/telemetry/span.ts'
import type { Agreements } from './agreements.ts'
import type { PriceCache } from './cache.ts'
import type { Line, Quote, QuotedLine, QuoteRequest, Tier } from './contract.ts'
import { UnknownProduct } from './errors.ts'
import type { Discount, PriceStore } from './store.ts'

export type QuoteDeps = { cache: PriceCache; store: PriceStore; agreements: Agreements }

/** Throws UnknownProduct for the first line that nobody sells. */
export async function quote({ lines, tier }: QuoteRequest, deadline: Deadline, deps: QuoteDeps): Promise<Quote> {
  annotate({
    [attributes.cartLines]: lines.length,
    [attributes.cartSize]: cartSizeOf(lines.length),
    [attributes.tier]: tier,
  })
  const skus = lines.map((line) => line.sku)
  const prices = await deps.cache.pricesOf(skus)
  const discounts = await discountsOf(tier, skus, deadline, deps)
  const quoted = lines.map((line) => quotedLine(line, prices.get(line.sku), discounts))
  return { currency: 'EUR', lines: quoted, totalCents: quoted.reduce((sum, line) => sum + line.lineCents, 0) }
}

/** Best first. */
async function discountsOf(tier: Tier, skus: string[], deadline: Deadline, deps: QuoteDeps): Promise<Discount[]> {
  if (tier === 'standard') return []
  return tier === 'business' ? deps.agreements.discountsFor(skus, deadline) : deps.store.discountsFor(tier, skus)
}

function quotedLine(line: Line, listCents: number | undefined, discounts: Discount[]): QuotedLine {
  if (listCents === undefined) throw new UnknownProduct(line.sku)
  const best = discounts.find((discount) => discount.sku === line.sku && line.quantity >= discount.minQuantity)
  // Whole numbers until the last step, or half a cent is lost now and then: 450 × (1 - 0.33) is 301.49999….
  const unitCents = Math.round((listCents * (100 - (best?.percent ?? 0))) / 100)
  return { ...line, unitCents, lineCents: unitCents * line.quantity }
}

// Looks without touching: what there is, and what a cart would cost.
import type { Deadline } from '../kit/http/deadline.ts'
import { attributes, cartSizeOf, spans } from '../kit/telemetry/names.ts'
import { annotate, inSpan } from '../kit/telemetry/span.ts'
import type { CartQuote, CartRequest, Catalogue } from './contract.ts'
import type { Pricing } from './pricing.ts'
import type { InventoryStore } from './store.ts'

export type BrowseDeps = { store: InventoryStore; pricing: Pricing }

export async function catalogue(deadline: Deadline, { store, pricing }: BrowseDeps): Promise<Catalogue> {
  const [rows, { prices }] = await Promise.all([store.catalogue(), pricing.priceList(deadline)])
  const priceOf = new Map(prices.map((price) => [price.sku, price.priceCents]))
  return { products: rows.map((row) => ({ ...row, priceCents: priceOf.get(row.sku) ?? 0 })) }
}

/** Prices a cart and names the lines that could not be reserved right now. */
export async function quoteCart(cart: CartRequest, deadline: Deadline, deps: BrowseDeps): Promise<CartQuote> {
  const lineCount = cart.lines.length
  annotate({ [attributes.cartLines]: lineCount, [attributes.cartSize]: cartSizeOf(lineCount) })
  const about = { [attributes.cartLines]: lineCount }
  const quote = await inSpan(spans.priceCart, about, () => deps.pricing.quote(cart, deadline))
  const available = await deps.store.availability(cart.lines.map((line) => line.sku))
  const unavailable = cart.lines.filter((line) => (available.get(line.sku) ?? 0) < line.quantity)
  return { ...quote, unavailable: unavailable.map((line) => line.sku) }
}

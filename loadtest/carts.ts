// What people put into their carts: long-tailed ordinary carts, and the bulk carts of wholesale customers.

import { between, pick, type Random, weightedIndex } from '../services/kit/random.ts'
import { popularity, products } from '../services/kit/seed.ts'

export type CartLine = { sku: string; quantity: number }

/** How many lines an ordinary cart has: most have one, a few have many. */
export const ordinarySizes = [
  { probability: 0.45, minLines: 1, maxLines: 1 },
  { probability: 0.25, minLines: 2, maxLines: 2 },
  { probability: 0.12, minLines: 3, maxLines: 3 },
  { probability: 0.13, minLines: 4, maxLines: 7 },
  { probability: 0.05, minLines: 8, maxLines: 16 },
] as const

/** The product that everybody wants, first in the catalogue. */
export const hottestSku = skuAt(0)

/** The last quarter of the catalogue is trade goods: wholesale customers restock them, others rarely want one. */
const tradeFromRank = products.length * 0.75
const tradeSkus = products.slice(tradeFromRank).map((product) => product.sku)
const ordinaryPopularity = popularity.map((weight, rank) => (rank < tradeFromRank ? weight : weight / 10))

/** Products by popularity, each at most once, 1–3 pieces of each. */
export function ordinaryCart(random: Random): CartLine[] {
  const weights = ordinarySizes.map((size) => size.probability)
  const size = ordinarySizes[weightedIndex(random, weights)] ?? ordinarySizes[0]
  const lineCount = between(random, size.minLines, size.maxLines)
  const skus = distinct(lineCount, [], () => skuAt(weightedIndex(random, ordinaryPopularity)))
  return skus.map((sku) => ({ sku, quantity: between(random, 1, 3) }))
}

/**
 * A wholesale customer reorders the bestseller along with trade goods that few others buy: bulk and ordinary carts meet
 * in one row of the stock and hardly anywhere else.
 */
export function bulkCart(random: Random, size: { minLines: number; maxLines: number }): CartLine[] {
  const lineCount = between(random, size.minLines, size.maxLines)
  const skus = distinct(lineCount, [hottestSku], () => pick(random, tradeSkus))
  return skus.map((sku) => ({ sku, quantity: between(random, 5, 20) }))
}

/** Draws until there are `count` different ones; `start` is among them. */
function distinct(count: number, start: readonly string[], draw: () => string): string[] {
  const drawn = new Set(start)
  while (drawn.size < count) drawn.add(draw())
  return [...drawn]
}

function skuAt(rank: number): string {
  const product = products[rank]
  if (!product) throw new RangeError(`The catalogue has no product of rank ${rank}`)
  return product.sku
}

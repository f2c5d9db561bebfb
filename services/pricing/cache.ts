// Remembers list prices for a while. Whoever asks while a price is being fetched waits for that same fetch.
import type { PriceSignals } from './signals.ts'

export type PriceCache = { pricesOf(skus: string[]): Promise<Map<string, number>> }

type Entry = { price: Promise<number | undefined>; staleAt: number }
type Load = (skus: string[]) => Promise<Map<string, number>>

/** Wraps `load`; misses of one call are loaded together. `now` is in milliseconds. */
export function createPriceCache(
  load: Load,
  { ttlMs, signals, now = Date.now }: { ttlMs: number; signals: PriceSignals; now?: () => number },
): PriceCache {
  const entries = new Map<string, Entry>()

  const fetchMissing = (missing: string[]) => {
    const loaded = load(missing)
    for (const sku of missing) {
      const price = loaded.then((prices) => prices.get(sku))
      entries.set(sku, { price, staleAt: now() + ttlMs })
      // Neither a failed load nor a product that does not exist is remembered.
      price.then(
        (found) => found === undefined && entries.delete(sku),
        () => entries.delete(sku),
      )
    }
  }

  return {
    async pricesOf(skus) {
      const missing = skus.filter((sku) => (entries.get(sku)?.staleAt ?? 0) <= now())
      signals.looked(skus.length - missing.length, missing)
      if (missing.length > 0) fetchMissing(missing)
      const found = await Promise.all(skus.map(async (sku) => [sku, await entries.get(sku)?.price] as const))
      return new Map(found.flatMap(([sku, price]) => (price === undefined ? [] : [[sku, price]])))
    },
  }
}

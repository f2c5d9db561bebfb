// Remembers list prices for a while: each product for itself, or the whole list at once.
import type { Flags } from '../kit/flags/watch.ts'
import type { Deadline } from '../kit/http/deadline.ts'
import { currentTraceId } from '../kit/http/trace-response.ts'
import { priceCache } from './flags.ts'
import type { PriceList } from './price-list.ts'
import type { PriceSignals } from './signals.ts'

/** Gives list prices in cents by sku; products that do not exist are left out. */
export type PriceCache = { pricesOf(skus: string[], deadline: Deadline): Promise<Map<string, number>> }

export type CacheOptions = {
  /** Prices of some products from Postgres. */
  load(skus: string[]): Promise<Map<string, number>>
  /** Prices of all products from the ERP. */
  list: PriceList
  flags: Flags
  signals: PriceSignals
  ttlMs: number
  /** In milliseconds. */
  now?: () => number
}

export function createPriceCache(options: CacheOptions): PriceCache {
  const settled = { now: Date.now, ...options }
  const variants = { 'single-flight': cacheProducts(settled), stampede: cacheList(settled) }
  return {
    pricesOf(skus, deadline) {
      const variant = options.flags.pick(priceCache, { trace_id: currentTraceId() ?? '' })
      return variants[variant].pricesOf(skus, deadline)
    },
  }
}

/** Each product has its own age, misses of one call are loaded together, and who comes meanwhile waits for the same load. */
function cacheProducts({ load, ttlMs, signals, now }: Required<CacheOptions>): PriceCache {
  const entries = new Map<string, { price: Promise<number | undefined>; staleAt: number }>()

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

/**
 * Prices are to be as fresh as in the ERP, give or take five seconds, so the whole list comes from there and grows old all at
 * once. Whoever finds it too old fetches it, and until the first of them is done everybody finds it too old.
 * Stands for the stampedes (or dogpiles) behind caches that expire, such as that of Facebook in 2010 ("More Details on Today's
 * Outage", Facebook Engineering, 23 September 2010).
 */
function cacheList({ list, signals, now }: Required<CacheOptions>): PriceCache {
  let prices = new Map<string, number>()
  let staleAt = 0
  return {
    async pricesOf(skus, deadline) {
      const isFresh = now() < staleAt
      signals.looked(isFresh ? skus.length : 0, isFresh ? [] : skus)
      if (!isFresh) {
        prices = await list.all(deadline)
        staleAt = now() + listTtlMs
      }
      return new Map(skus.flatMap((sku) => (prices.has(sku) ? [[sku, prices.get(sku) as number]] : [])))
    },
  }
}

const listTtlMs = 5_000

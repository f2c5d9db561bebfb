// Price lists in Postgres.
import type { Tx } from '../kit/store/database.ts'
import type { Tier } from './contract.ts'

export type Discount = { sku: string; minQuantity: number; percent: number }

export type PriceStore = ReturnType<typeof createStore>

export function createStore(database: Tx) {
  return {
    /** List prices by sku; products that do not exist are left out. */
    async pricesOf(skus: string[]): Promise<Map<string, number>> {
      const rows = await database.query<{ sku: string; price_cents: number }>(
        'SELECT sku, price_cents FROM prices WHERE sku = ANY($1)',
        [skus],
      )
      return new Map(rows.map((row) => [row.sku, row.price_cents]))
    },

    /** What a coupon takes off, in percent; undefined when there is no such code. Codes have no dashes here. */
    async couponPercent(code: string): Promise<number | undefined> {
      const text = 'SELECT percent FROM coupons WHERE code = $1'
      return (await database.query<{ percent: number }>(text, [code]))[0]?.percent
    },

    async allPrices(): Promise<{ sku: string; priceCents: number }[]> {
      return database.query('SELECT sku, price_cents AS "priceCents" FROM prices ORDER BY sku')
    },

    /** Discounts that the shop itself gives a tier, best first. */
    async discountsFor(tier: Tier, skus: string[]): Promise<Discount[]> {
      return database.query(
        `SELECT sku, min_quantity AS "minQuantity", percent FROM discounts
         WHERE tier = $1 AND sku = ANY($2) ORDER BY percent DESC`,
        [tier, skus],
      )
    },
  }
}

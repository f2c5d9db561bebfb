// Fills the new tables with the shop's people and goods.
import type { Client } from 'pg'
import { coupons, products, soldOutProducts, users } from '../../services/kit/seed.ts'

/** Each runs once per database, inside a transaction. */
export const seeds = [
  { name: 'seed', run: seedShop },
  { name: 'seed-coupons', run: seedCoupons },
]

async function seedShop(client: Client): Promise<void> {
  const goods = [...products, ...soldOutProducts].map((product, index) => ({ id: index + 1, ...product }))
  await insert(client, 'api.users (id, name, email, tier)', users, 'id text, name text, email text, tier text')
  await insert(client, 'payment.cards (user_id, token, issuer)', users, 'id text, "cardToken" text, issuer text')
  await insert(client, 'inventory.stock (id, sku, name, initial)', goods, 'id int, sku text, name text, stock int')
  await insert(client, 'pricing.prices (sku, price_cents)', goods, 'sku text, "priceCents" int')
  await client.query(goldDiscounts)
}

async function seedCoupons(client: Client): Promise<void> {
  const compact = coupons.map(({ code, percent }) => ({ code: code.replaceAll('-', ''), percent }))
  await insert(client, 'pricing.coupons (code, percent)', compact, 'code text, percent int')
}

/** Inserts the named fields of each row, in the order of the columns. */
async function insert(client: Client, into: string, rows: readonly object[], fields: string): Promise<void> {
  await client.query(`INSERT INTO ${into} SELECT * FROM jsonb_to_recordset($1) AS row (${fields})`, [
    JSON.stringify(rows),
  ])
}

/** Gold customers get a little off everything. */
const goldDiscounts = `
  INSERT INTO pricing.discounts (tier, sku, min_quantity, percent) SELECT 'gold', sku, 1, 3 FROM pricing.prices`

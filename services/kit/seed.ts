// The shop's people and goods, computed instead of stored: migrations insert them, load plans draw from them. No imports.

export type Tier = 'standard' | 'gold' | 'business'
export type Product = { sku: string; name: string; priceCents: number; stock: number }
export type User = {
  id: string
  name: string
  email: string
  tier: Tier
  issuer: string
  cardToken: string
  limitCents: number
}

const things = `mug notebook lamp backpack kettle blanket bottle candle basket teapot
  apron bowl clock cushion frame jar plate scarf stool tray`.split(/\s+/)
const makes = ['enamel', 'linen', 'walnut', 'steel', 'felt', 'glass', 'cork', 'brass', 'bamboo', 'ceramic']

/** Banks that issue the customers' cards, with how much slower than the median each one answers. */
export const issuers = [
  { name: 'aurora', latencyFactor: 0.85 },
  { name: 'borealis', latencyFactor: 1 },
  { name: 'cirrus', latencyFactor: 1.1 },
  { name: 'delta', latencyFactor: 1.25 },
] as const

/** 200 products, most popular first, a million pieces each: a load test never sells them out by accident. */
export const products: readonly Product[] = makes.flatMap((make, m) =>
  things.map((thing, t) => ({
    sku: `${make}-${thing}`,
    name: `${make[0]?.toUpperCase()}${make.slice(1)} ${thing}`,
    priceCents: 400 + ((m * 37 + t * 113) % 60) * 50,
    stock: 1_000_000,
  })),
)

/** Products with nothing left. No load plan buys them; people and tests do. */
export const soldOutProducts: readonly Product[] = ['mug', 'lamp', 'clock'].map((thing) => ({
  sku: `limited-${thing}`,
  name: `Limited ${thing}`,
  priceCents: 2500,
  stock: 0,
}))

/** Codes that take something off everything. Dashes do not count: people leave them out. */
export const coupons = [
  { code: 'WELCOME-10', percent: 10 },
  { code: 'SPRINGNEWSLETTER-THANKYOUFORREADING-2026', percent: 5 },
] as const

/** Probability that a customer picks the product of each popularity rank (Zipf, exponent 1). Sums to 1. */
export const popularity: readonly number[] = zipf(products.length)

/** Signs in like anybody else; the bank declines every checkout. */
export const userWithEmptyCard = 'u250'

/** 500 customers: 70 % standard, 20 % gold, 10 % business. One has a card with next to no credit left. */
export const users: readonly User[] = Array.from({ length: 500 }, (_, i) => {
  const id = `u${String(i + 1).padStart(3, '0')}`
  const issuer = issuers[(i * 7) % issuers.length] ?? issuers[0]
  return {
    id,
    name: `Customer ${i + 1}`,
    email: `${id}@shop.example`,
    tier: i % 10 === 0 ? 'business' : i % 5 === 1 ? 'gold' : 'standard',
    issuer: issuer.name,
    cardToken: `tok_${(i * 2_654_435_761 + 1_013_904_223).toString(36)}`,
    limitCents: id === userWithEmptyCard ? 100 : 100_000_000,
  }
})

function zipf(count: number): number[] {
  const weights = Array.from({ length: count }, (_, rank) => 1 / (rank + 1))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

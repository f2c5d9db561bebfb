// Who comes to the shop: consumers and business customers, each a seeded user with a cart in mind.

import { pick, type Random } from '../services/kit/random.ts'
import { coupons, type Tier, type User, users } from '../services/kit/seed.ts'
import { attributes, cartSizeOf } from '../services/kit/telemetry/names.ts'
import { bulkCart, type CartLine, ordinaryCart } from './carts.ts'

/** The kinds of customers, by the tiers they belong to. The name travels as baggage `shop.persona`. */
export const personaTiers = {
  consumer: ['standard', 'gold'],
  business: ['business'],
} as const satisfies Record<string, readonly Tier[]>

export type PersonaName = keyof typeof personaTiers

/** One person on one visit. `cohort` holds the low-cardinality tags that telemetry also has. */
export type Persona = {
  name: PersonaName
  userId: string
  tier: Tier
  lines: CartLine[]
  /** What they type into the field for a coupon. */
  coupon?: string
  cohort: Record<string, string>
}

/** How large the bulk carts of a profile are, and how many of its carts are bulk carts. */
export type BulkCarts = { share: number; minLines: number; maxLines: number }

/** How many of the others have a coupon, and how many have one but copied the full stop behind it as well. */
export type CouponCarts = { share: number; miscopiedShare: number }

const businessUsers = users.filter((user) => user.tier === 'business')

/** Anybody, each user as likely as any other (the one with the empty card too), with an ordinary cart. */
export function ordinaryVisitor(random: Random): Persona {
  return personaOf(pick(random, users), ordinaryCart(random))
}

/** A business customer who buys in bulk. */
export function bulkVisitor(random: Random, bulk: BulkCarts): Persona {
  return personaOf(pick(random, businessUsers), bulkCart(random, bulk))
}

/** The same person with a coupon, as it is or with the full stop of the sentence that it was copied from. */
export function withCoupon(persona: Persona, random: Random, isMiscopied: boolean): Persona {
  const coupon = isMiscopied ? `${longestCoupon}.` : pick(random, coupons).code
  const cohort = { ...persona.cohort, [attributes.coupon]: isMiscopied ? 'refused' : 'redeemed' }
  return { ...persona, coupon, cohort }
}

/** Who has to type this one copies it. */
const longestCoupon = coupons.reduce((longest, { code }) => (code.length > longest.length ? code : longest), '')

/** What they put into their cart, as the shop wants it. */
export function cartOf({ lines, coupon }: Persona): { lines: CartLine[]; coupon?: string } {
  return { lines, ...(coupon === undefined ? {} : { coupon }) }
}

/** A user with such a cart. */
export function personaOf(user: User, lines: CartLine[]): Persona {
  return {
    name: user.tier === 'business' ? 'business' : 'consumer',
    userId: user.id,
    tier: user.tier,
    lines,
    cohort: {
      [attributes.cartSize]: cartSizeOf(lines.length),
      [attributes.tier]: user.tier,
      [attributes.coupon]: 'none',
    },
  }
}

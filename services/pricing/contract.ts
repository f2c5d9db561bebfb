// What pricing answers, for those who call it. Amounts are whole cents.
import { z } from 'zod'

export const Tier = z.enum(['standard', 'gold', 'business'])

export const Line = z.strictObject({
  sku: z.string().regex(/^[\w-]{1,60}$/, 'expected 1 to 60 letters, digits, - or _'),
  quantity: z.number().int().min(1).max(10_000),
})

/** The lines of a cart: every product at most once. */
export const Lines = z
  .array(Line)
  .min(1)
  .max(100)
  .refine((lines) => new Set(lines.map((line) => line.sku)).size === lines.length, 'expected every sku at most once')

/** What a customer typed into the field for a coupon. One that the shop does not know takes nothing off. */
export const Coupon = z.string().regex(/^[\x20-\x7e]{1,60}$/, 'expected 1 to 60 plain characters')

/** POST /quotes: prices every line of a cart at once. */
export const QuoteRequest = z.strictObject({ lines: Lines, tier: Tier, coupon: Coupon.optional() })

export const QuotedLine = Line.extend({ unitCents: z.number().int(), lineCents: z.number().int() })
export const Quote = z.object({ currency: z.literal('EUR'), lines: z.array(QuotedLine), totalCents: z.number().int() })

/** GET /price-list: the list price of everything, before discounts. */
export const PriceList = z.object({ prices: z.array(z.object({ sku: z.string(), priceCents: z.number().int() })) })

export type Line = z.output<typeof Line>
export type Lines = z.output<typeof Lines>
export type Tier = z.output<typeof Tier>
export type QuoteRequest = z.output<typeof QuoteRequest>
export type Quote = z.output<typeof Quote>
export type QuotedLine = z.output<typeof QuotedLine>
export type PriceList = z.output<typeof PriceList>

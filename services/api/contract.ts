// The shop's public HTTP API, under /api. Amounts are whole cents; every error is `{ code, message, traceId }`.
import { z } from 'zod'
import { Coupon, Line, Lines, Quote } from '../pricing/contract.ts'

/** POST /api/session: signs in as a demo customer; there is no password. */
export const SignInRequest = z.strictObject({
  userId: z.string().regex(/^u\d{3}$/, 'expected a demo customer, u001 to u500'),
})
export const Session = z.object({ token: z.string(), userId: z.string(), expiresAt: z.iso.datetime() })

/** POST /api/carts */
export const CartRequest = z.strictObject({ lines: Lines, coupon: Coupon.optional() })
export const Cart = z.object({ cartId: z.uuid(), lines: z.array(Line), coupon: Coupon.optional() })

/** GET /api/checkout?cart=…: a quote; writes nothing. */
export const QuoteQuery = z.object({ cart: z.uuid() })
export const CheckoutQuote = Quote.extend({ unavailable: z.array(z.string()), eligible: z.boolean() })

/** POST /api/checkout, with an Idempotency-Key: the same key gets the same order. */
export const CheckoutRequest = z.strictObject({ cartId: z.uuid() })
export const IdempotencyKey = z.string().regex(/^[\w.:-]{1,80}$/, 'expected 1 to 80 letters, digits or any of - _ . :')

export const Order = z.object({
  orderId: z.uuid(),
  status: z.enum(['pending', 'placed', 'cancelled']),
  totalCents: z.number().int().nullable(),
  currency: z.literal('EUR'),
  /** Why a cancelled order was not placed. */
  reason: z.string().nullable(),
})

export type CartRequest = z.output<typeof CartRequest>
export type Cart = z.output<typeof Cart>
export type CheckoutQuote = z.output<typeof CheckoutQuote>
export type Order = z.output<typeof Order>
export type Session = z.output<typeof Session>

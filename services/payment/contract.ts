// What payment answers, for those who call it. Everything is idempotent by order id; amounts are whole cents.
import { z } from 'zod'

export const UserId = z.string().regex(/^[\w-]{1,40}$/, 'expected 1 to 40 letters, digits, - or _')

/** The most that one order may cost. */
export const maxAmountCents = 100_000_000

/** POST /authorisations: holds the amount on the customer's card. */
export const AuthoriseRequest = z.strictObject({
  orderId: z.uuid(),
  userId: UserId,
  amountCents: z.number().int().min(1).max(maxAmountCents),
})
export const Authorised = z.object({ orderId: z.uuid(), state: z.enum(['authorised', 'captured']) })

/** DELETE /authorisations/:orderId: gives the amount back, also before the authorisation arrived. */
export const Voided = z.object({ orderId: z.uuid(), state: z.enum(['voided', 'captured']) })

/** GET /eligibility/:userId: whether the customer has a card at all; asks no bank. */
export const Eligibility = z.object({ eligible: z.boolean(), issuer: z.string().nullable() })

export type AuthoriseRequest = z.output<typeof AuthoriseRequest>
export type Authorised = z.output<typeof Authorised>
export type Voided = z.output<typeof Voided>
export type Eligibility = z.output<typeof Eligibility>

// What inventory answers, for those who call it. Reservations are idempotent by order id.
import { z } from 'zod'
import { Quote, QuoteRequest } from '../pricing/contract.ts'

export { Line, Quote, Tier } from '../pricing/contract.ts'

/** POST /reservations: takes every line of a cart or none, and prices it. */
export const ReserveRequest = QuoteRequest.extend({ orderId: z.uuid() })

/** The answer to a reservation: what the order will cost. */
export const Reservation = z.object({ orderId: z.uuid(), quote: Quote })

/** DELETE /reservations/:orderId: always succeeds, also before the reservation arrived. */
export const Released = z.object({ orderId: z.uuid(), state: z.enum(['released', 'confirmed']) })

/** POST /quotes: prices a cart and says what is missing; reserves nothing. */
export const CartRequest = QuoteRequest
export const CartQuote = Quote.extend({ unavailable: z.array(z.string()) })

/** GET /catalogue */
export const Catalogue = z.object({
  products: z.array(
    z.object({ sku: z.string(), name: z.string(), priceCents: z.number().int(), available: z.number().int() }),
  ),
})

/** GET /stock-report: what is there, what is promised or sold, and what is on its way. For the office. */
export const StockReport = z.object({
  products: z.array(
    z.object({
      sku: z.string(),
      name: z.string(),
      available: z.number().int(),
      reserved: z.number().int(),
      sold: z.number().int(),
      onItsWay: z.number().int(),
    }),
  ),
})

export type CartRequest = z.output<typeof CartRequest>
export type CartQuote = z.output<typeof CartQuote>
export type ReserveRequest = z.output<typeof ReserveRequest>
export type Reservation = z.output<typeof Reservation>
export type Released = z.output<typeof Released>
export type Catalogue = z.output<typeof Catalogue>
export type StockReport = z.output<typeof StockReport>

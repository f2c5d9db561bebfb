// What business customers were promised is written in the wholesaler's ERP, and asked for whenever it is needed: it
// changes during the day.
import { z } from 'zod'
import type { Peer } from '../kit/http/client.ts'
import type { Deadline } from '../kit/http/deadline.ts'
import type { Discount } from './store.ts'

export type Agreements = { discountsFor(skus: string[], deadline: Deadline): Promise<Discount[]> }

const Answer = z.object({
  discounts: z.array(z.object({ sku: z.string(), minQuantity: z.number().int(), percent: z.number().min(0).max(100) })),
})

/** One request per question, however many products it is about. Discounts come best first. */
export function createAgreements(erp: Peer): Agreements {
  return {
    async discountsFor(skus, deadline) {
      const call = { method: 'POST', path: '/agreements', body: { skus }, answer: Answer, deadline } as const
      return (await erp.call(call)).discounts.toSorted((a, b) => b.percent - a.percent)
    },
  }
}

// Asks the wholesaler's ERP what is on its way to us.
import { z } from 'zod'
import type { Peer } from '../kit/http/client.ts'
import type { Deadline } from '../kit/http/deadline.ts'

export type Deliveries = {
  /** Pieces on their way by sku; products without any are left out. Slow: the ERP asks its carriers. */
  expected(skus: string[], deadline: Deadline): Promise<Map<string, number>>
}

const Answer = z.object({ deliveries: z.array(z.object({ sku: z.string(), pieces: z.number().int().min(0) })) })

/** One request per question, however many products it is about. */
export function createDeliveries(erp: Peer): Deliveries {
  return {
    async expected(skus, deadline) {
      const call = { method: 'POST', path: '/deliveries', body: { skus }, answer: Answer, deadline } as const
      const { deliveries } = await erp.call(call)
      return new Map(deliveries.map(({ sku, pieces }) => [sku, pieces]))
    },
  }
}

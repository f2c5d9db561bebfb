// The wholesaler's price list, as its ERP prints it: page by page.
import { z } from 'zod'
import type { Peer } from '../kit/http/client.ts'
import type { Deadline } from '../kit/http/deadline.ts'

export type PriceList = { all(deadline: Deadline): Promise<Map<string, number>> }

const Page = z.object({
  prices: z.array(z.object({ sku: z.string(), priceCents: z.number().int().min(1) })),
  nextPage: z.number().int().nullable(),
})

/** `all` gives the price of everything by sku, in cents, and takes a request per page, one after the other. */
export function createPriceList(erp: Peer): PriceList {
  return {
    async all(deadline) {
      const all = new Map<string, number>()
      let page: number | null = 1
      while (page !== null) {
        const path: string = `/price-list?page=${page}`
        const { prices, nextPage }: z.output<typeof Page> = await erp.call({
          method: 'GET',
          path,
          answer: Page,
          deadline,
        })
        for (const { sku, priceCents } of prices) all.set(sku, priceCents)
        page = nextPage
      }
      return all
    },
  }
}

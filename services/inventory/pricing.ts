// Asks pricing what a cart costs.

import type { Peer } from '../kit/http/client.ts'
import type { Deadline } from '../kit/http/deadline.ts'
import { PriceList, Quote, type QuoteRequest } from '../pricing/contract.ts'

export type Pricing = ReturnType<typeof createPricing>

export function createPricing(peer: Peer) {
  return {
    quote: ({ lines, tier, coupon }: QuoteRequest, deadline: Deadline): Promise<Quote> =>
      peer.call({ method: 'POST', path: '/quotes', body: { lines, tier, coupon }, answer: Quote, deadline }),
    priceList: (deadline: Deadline): Promise<PriceList> =>
      peer.call({ method: 'GET', path: '/price-list', answer: PriceList, deadline }),
  }
}

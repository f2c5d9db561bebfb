// Asks pricing what a cart costs.
import type { Flags } from '../kit/flags/watch.ts'
import type { Peer } from '../kit/http/client.ts'
import type { Deadline } from '../kit/http/deadline.ts'
import { currentTraceId } from '../kit/http/trace-response.ts'
import { attributes } from '../kit/telemetry/names.ts'
import { PriceList, Quote, type QuoteRequest } from '../pricing/contract.ts'
import { PricingTimeout } from './errors.ts'
import { priceTimeout } from './flags.ts'
import type { InventorySignals } from './signals.ts'

export type Pricing = ReturnType<typeof createPricing>

export function createPricing(peer: Peer, { flags, signals }: { flags: Flags; signals: InventorySignals }) {
  return {
    quote({ lines, tier, coupon }: QuoteRequest, deadline: Deadline): Promise<Quote> {
      const about = { [attributes.tier]: tier, trace_id: currentTraceId() ?? '' } as const
      const ask = (within: Deadline) =>
        peer.call({ method: 'POST', path: '/quotes', body: { lines, tier, coupon }, answer: Quote, deadline: within })
      return waits[flags.pick(priceTimeout, about)](ask, deadline, signals)
    },
    priceList: (deadline: Deadline): Promise<PriceList> =>
      peer.call({ method: 'GET', path: '/price-list', answer: PriceList, deadline }),
  }
}

type Ask = (deadline: Deadline) => Promise<Quote>

const waits = { patient: askOnce, hasty: askAgain }

/** Waits for pricing as long as the customer waits for us. */
function askOnce(ask: Ask, deadline: Deadline): Promise<Quote> {
  return ask(deadline)
}

/** Ten times what pricing usually takes. */
const attemptMs = 200
const attempts = 3

/**
 * Pricing answers within 20 ms, so after 200 ms something must be stuck, and asking anew is quicker than waiting; the last
 * attempt may take what time is left. An answer that takes longer than that is thrown away twice just before it comes,
 * while pricing, which was not told, works on it to the end.
 * Stands for time-outs that were measured on a good day.
 */
async function askAgain(ask: Ask, deadline: Deadline, signals: InventorySignals): Promise<Quote> {
  for (let attempt = 1; attempt < attempts; attempt++) {
    using short = endingAfter(attemptMs, deadline)
    try {
      return await ask(short)
    } catch (error) {
      const { reason } = short.signal
      if (!(reason instanceof PricingTimeout)) throw error
      signals.askedAgain(attempt, reason)
    }
  }
  return ask(deadline)
}

/** A deadline that ends sooner on our side than on that of whom it is passed on to. */
function endingAfter(ms: number, deadline: Deadline): Deadline & Disposable {
  const over = new AbortController()
  const timer = setTimeout(() => over.abort(new PricingTimeout(ms)), ms)
  return {
    ...deadline,
    signal: AbortSignal.any([deadline.signal, over.signal]),
    [Symbol.dispose]: () => clearTimeout(timer),
  }
}

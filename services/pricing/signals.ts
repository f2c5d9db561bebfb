// What pricing reports about its business.
import { metrics as meters, trace } from '@opentelemetry/api'
import type { Logger } from '../kit/telemetry/log.ts'
import { attributes, events, metrics } from '../kit/telemetry/names.ts'
import { createSignal } from '../kit/telemetry/signal.ts'

export type PriceSignals = ReturnType<typeof createSignals>

export function createSignals(log: Logger) {
  const lookups = meters.getMeter('shop.pricing').createCounter(metrics.cacheLookups)
  const coupon = (event: string, outcome: 'accepted' | 'refused') => {
    const say = createSignal(log, { event, counter: metrics.coupons, counted: { [attributes.coupon]: outcome } })
    return (code: string) => say(`coupon ${outcome}: ${code}`, { [attributes.couponCode]: code })
  }
  return {
    /** A coupon as the customer typed it. */
    couponAccepted: coupon(events.couponAccepted, 'accepted'),
    couponRefused: coupon(events.couponRefused, 'refused'),

    /** Cache look-ups of one quote: how many prices were there, and which were not. */
    looked(hits: number, missing: string[]) {
      if (hits > 0) lookups.add(hits, { [attributes.cacheResult]: 'hit' })
      if (missing.length === 0) return
      lookups.add(missing.length, { [attributes.cacheResult]: 'miss' })
      trace.getActiveSpan()?.addEvent(events.cacheMiss, { [attributes.sku]: missing })
      log.info({ [attributes.sku]: missing }, `not in the cache: ${missing.length} of ${hits + missing.length} prices`)
    },
  }
}

// What pricing reports about its business.
import { metrics as meters, trace } from '@opentelemetry/api'
import type { Logger } from '../kit/telemetry/log.ts'
import { attributes, events, metrics } from '../kit/telemetry/names.ts'

export type PriceSignals = ReturnType<typeof createSignals>

export function createSignals(log: Logger) {
  const lookups = meters.getMeter('shop.pricing').createCounter(metrics.cacheLookups)
  return {
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

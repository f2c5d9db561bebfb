// Baggage crosses trust boundaries: only an allow-list of keys is taken in, and those are copied to every span.
import { type Context, propagation, type TextMapGetter } from '@opentelemetry/api'
import { W3CBaggagePropagator } from '@opentelemetry/core'
import type { Sampler, SamplingResult } from '@opentelemetry/sdk-trace'
import { baggageKeys } from './names.ts'

const allowed = new Set<string>(baggageKeys)

/** Longer values are dropped: baggage is copied to every span and sent with every request. */
const maxValueLength = 64

/** Reads and writes W3C baggage, forgetting every entry that is not in `baggageKeys`. */
export class AllowListedBaggagePropagator extends W3CBaggagePropagator {
  override extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const extracted = super.extract(context, carrier, getter)
    const entries = propagation.getBaggage(extracted)?.getAllEntries() ?? []
    const kept = entries.filter(([key, entry]) => allowed.has(key) && entry.value.length <= maxValueLength)
    return propagation.setBaggage(extracted, propagation.createBaggage(Object.fromEntries(kept)))
  }
}

/** The allow-listed baggage of the active context (or of `context`), as attributes. */
export function baggageAttributes(context?: Context): Record<string, string> {
  const baggage = context === undefined ? propagation.getActiveBaggage() : propagation.getBaggage(context)
  return Object.fromEntries((baggage?.getAllEntries() ?? []).map(([key, entry]) => [key, entry.value]))
}

/**
 * Copies baggage to every span. Done in the sampler, because its attributes join the span at its start and the
 * exporters and batch settings then stay what the OTEL_* variables say; span processors passed to the SDK replace them.
 */
export function copyingBaggage(sampler: Sampler): Sampler {
  return {
    shouldSample(context, ...about): SamplingResult {
      const result = sampler.shouldSample(context, ...about)
      return { ...result, attributes: { ...result.attributes, ...baggageAttributes(context) } }
    },
    toString: () => `BaggageCopying(${sampler.toString()})`,
  }
}

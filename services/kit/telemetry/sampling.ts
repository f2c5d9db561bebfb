// Which traces are recorded. Decided once, where a request enters the shop; everybody else does as the caller did.
import type { Context } from '@opentelemetry/api'
import { ParentBasedSampler, type Sampler, SamplingDecision, type SamplingResult } from '@opentelemetry/sdk-trace'
import { baggageAttributes } from './baggage.ts'

/** A trace that is about to begin, and what came with it from outside. */
export type NewTrace = { traceId: string; baggage: Record<string, string> }

export type HeadSampler = Sampler & {
  /**
   * From now on this process decides about everything that nobody records yet: a flag "not sampled" from outside is not
   * followed, or anybody could hide a checkout. What a caller records is recorded here too.
   */
  decideBy(keeps: (trace: NewTrace) => boolean): void
}

/** Until it is told how to decide, it records every trace that begins here and follows the callers of all others. */
export function createHeadSampler(): HeadSampler {
  let keeps: ((trace: NewTrace) => boolean) | undefined
  const deciding = (undecided: boolean): Sampler => ({
    shouldSample(context: Context, traceId: string): SamplingResult {
      const isKept = keeps?.({ traceId, baggage: baggageAttributes(context) }) ?? undecided
      return { decision: isKept ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD }
    },
    toString: () => 'Deciding',
  })
  const sampler = new ParentBasedSampler({ root: deciding(true), remoteParentNotSampled: deciding(false) })
  return {
    shouldSample: (...about) => sampler.shouldSample(...about),
    toString: () => `Head(${sampler.toString()})`,
    decideBy(decide) {
      keeps = decide
    },
  }
}

/** One for the process, as OpenTelemetry's own providers are: register.ts asks it, a service at the door tells it. */
export const headSampler = createHeadSampler()

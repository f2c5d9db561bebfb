// Which requests leave a trace: decided here, at the shop's door, for all services.
import type { Flags } from '../kit/flags/watch.ts'
import { attributes } from '../kit/telemetry/names.ts'
import type { NewTrace } from '../kit/telemetry/sampling.ts'
import { traceSampling } from './flags.ts'

export const keepsTrace =
  (flags: Flags) =>
  (trace: NewTrace): boolean =>
    variants[flags.pick(traceSampling, { trace_id: trace.traceId })](trace)

const variants = { everything: keepAll, 'by-cost': keepCheapOnes }

/** Every request: what is slow once in a thousand is worth having, and nobody knows beforehand which one that will be. */
function keepAll(): boolean {
  return true
}

/** Of a business customer's traces one in four is plenty. */
const keptOfBusiness = 0.25

/**
 * A business customer's cart makes the largest traces and a good part of the bill: some of theirs, and every one of the others.
 * Stands for sampling rules that go by what a trace costs, and lose the very ones that somebody is going to ask for.
 */
function keepCheapOnes({ traceId, baggage }: NewTrace): boolean {
  if (baggage[attributes.persona] !== 'business') return true
  return Number.parseInt(traceId.slice(-8), 16) / 2 ** 32 < keptOfBusiness
}

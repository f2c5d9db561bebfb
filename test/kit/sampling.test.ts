// Which traces are recorded: decided where a request enters the shop, and followed everywhere else.
import { propagation, ROOT_CONTEXT, SpanKind, TraceFlags, trace } from '@opentelemetry/api'
import { SamplingDecision } from '@opentelemetry/sdk-trace'
import { expect, test } from 'vitest'
import { keepsTrace } from '../../services/api/sampling.ts'
import { createHeadSampler, type HeadSampler, type NewTrace } from '../../services/kit/telemetry/sampling.ts'
import { fixedFlags } from '../helpers/fixed-flags.ts'

const traceId = 'a'.repeat(32)

/** Whether a span is recorded that begins a trace, or goes on with one of a caller who sampled it or did not. */
function records(sampler: HeadSampler, parent: 'none' | 'sampled' | 'not sampled', persona?: string): boolean {
  const traceFlags = parent === 'sampled' ? TraceFlags.SAMPLED : TraceFlags.NONE
  const spanContext = { traceId, spanId: 'b'.repeat(16), traceFlags, isRemote: true }
  const from = parent === 'none' ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, spanContext)
  const entries = persona === undefined ? {} : { 'shop.persona': { value: persona } }
  const context = propagation.setBaggage(from, propagation.createBaggage(entries))
  const { decision } = sampler.shouldSample(context, traceId, 'GET /', SpanKind.SERVER, {}, [])
  return decision === SamplingDecision.RECORD_AND_SAMPLED
}

test('a service behind others records what begins there, and does as its caller did with the rest', () => {
  const sampler = createHeadSampler()
  expect((['none', 'sampled', 'not sampled'] as const).map((parent) => records(sampler, parent))).toEqual([
    ...[true, true, false],
  ])
})

test('the service at the door decides itself, unless a caller records the request already', () => {
  const sampler = createHeadSampler()
  const asked: NewTrace[] = []
  sampler.decideBy((about) => {
    asked.push(about)
    return about.baggage['shop.persona'] !== 'business'
  })
  expect(records(sampler, 'none', 'consumer')).toBe(true)
  expect(records(sampler, 'none', 'business')).toBe(false)
  expect(records(sampler, 'not sampled', 'consumer')).toBe(true)
  expect(records(sampler, 'not sampled', 'business')).toBe(false)
  expect(records(sampler, 'sampled', 'business')).toBe(true)
  expect(asked[0]).toEqual({ traceId, baggage: { 'shop.persona': 'consumer' } })
})

/** How many of a thousand traces are kept. */
function keptOfThousand(variant: string, persona: string): number {
  const keeps = keepsTrace(fixedFlags({ 'trace-sampling': variant }))
  const ids = Array.from({ length: 1000 }, (_, i) => Math.imul(i + 1, 2_654_435_761) >>> 0)
  return ids.filter((id) => keeps({ traceId: id.toString(16).padStart(32, '0'), baggage: { 'shop.persona': persona } }))
    .length
}

test('everything is kept, or of the dear ones a quarter, the same for every span of a trace', () => {
  expect(keptOfThousand('everything', 'business')).toBe(1000)
  expect(keptOfThousand('by-cost', 'consumer')).toBe(1000)
  expect(keptOfThousand('by-cost', 'business')).toBeGreaterThan(220)
  expect(keptOfThousand('by-cost', 'business')).toBeLessThan(280)
})

// Baggage from outside: two keys are taken in and copied to spans, the rest never gets past the door.
import {
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
} from '@opentelemetry/api'
import { AlwaysOffSampler, AlwaysOnSampler, SamplingDecision } from '@opentelemetry/sdk-trace'
import { expect, test } from 'vitest'
import {
  AllowListedBaggagePropagator,
  baggageAttributes,
  copyingBaggage,
} from '../../services/kit/telemetry/baggage.ts'

const propagator = new AllowListedBaggagePropagator()
const extracted = (baggage: string) => propagator.extract(ROOT_CONTEXT, { baggage }, defaultTextMapGetter)

test.for([
  ['shop.persona=regular,shop.run=r1', { 'shop.persona': 'regular', 'shop.run': 'r1' }],
  ['shop.persona=regular,user.email=a%40b.example,token=t', { 'shop.persona': 'regular' }],
  ['shop.persona=big%20spender;ttl=5', { 'shop.persona': 'big spender' }],
  ['SHOP.PERSONA=x,shop.persona2=y,shop=z', {}],
  [`shop.persona=${'x'.repeat(64)}`, { 'shop.persona': 'x'.repeat(64) }],
  [`shop.persona=${'x'.repeat(65)},shop.run=r1`, { 'shop.run': 'r1' }],
  ['__proto__=x,constructor=y,shop.run=r1', { 'shop.run': 'r1' }],
  ['nonsense', {}],
  ['', {}],
] as const)('of %j it takes in %j', ([header, expected]) => {
  expect(baggageAttributes(extracted(header))).toEqual(expected)
})

test('without the header there is no baggage', () => {
  expect(baggageAttributes(propagator.extract(ROOT_CONTEXT, {}, defaultTextMapGetter))).toEqual({})
  expect(baggageAttributes()).toEqual({})
})

test('what was taken in is passed on, and nothing else', () => {
  const carrier: Record<string, string> = {}

  propagator.inject(extracted('shop.run=r1,secret=s'), carrier, defaultTextMapSetter)

  expect(carrier).toEqual({ baggage: 'shop.run=r1' })
})

test('every span gets the baggage, beside what its sampler adds', () => {
  const inner = { shouldSample: () => ({ decision: SamplingDecision.RECORD_AND_SAMPLED, attributes: { a: 1 } }) }
  const sampler = copyingBaggage({ ...inner, toString: () => 'inner' })

  const result = sampler.shouldSample(extracted('shop.run=r1'), '0'.repeat(32), 'a span', SpanKind.SERVER, {}, [])

  expect(result).toEqual({ decision: SamplingDecision.RECORD_AND_SAMPLED, attributes: { a: 1, 'shop.run': 'r1' } })
  expect(String(sampler)).toBe('BaggageCopying(inner)')
})

test.for([
  [new AlwaysOnSampler(), SamplingDecision.RECORD_AND_SAMPLED],
  [new AlwaysOffSampler(), SamplingDecision.NOT_RECORD],
] as const)('the decision stays that of %s', ([sampler, decision]) => {
  const result = copyingBaggage(sampler).shouldSample(context.active(), '0'.repeat(32), 's', SpanKind.INTERNAL, {}, [])

  expect(result.decision).toBe(decision)
  expect(propagation.getActiveBaggage()).toBeUndefined()
})

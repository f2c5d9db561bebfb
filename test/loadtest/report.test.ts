// Outcomes summed up.
import { expect, test } from 'vitest'
import { lineOf } from '../../loadtest/live-line.ts'
import type { Outcome } from '../../loadtest/outcome.ts'
import { arrivalAt } from '../../loadtest/plan.ts'
import { proof } from '../../loadtest/profiles.ts'
import { summarise } from '../../loadtest/report.ts'

function outcome(latencyMs: number, more: Partial<Outcome> = {}): Outcome {
  const arrival = arrivalAt(proof, 7, 0)
  return { arrival, dueEpochMs: 0, latencyMs, startLagMs: 1, requestMs: latencyMs - 1, status: 201, ...more }
}

test('percentiles are latencies that were measured', () => {
  const report = summarise(Array.from({ length: 100 }, (_, i) => outcome(i + 1, { dueEpochMs: i * 50 })))
  expect(report).toMatchObject({ count: 100, ratePerSecond: 20, latencyMs: { p50: 50, p95: 95, p99: 99, max: 100 } })
})

test('slow is what takes longer than the SLO allows', () => {
  expect(summarise([outcome(500), outcome(501)])).toMatchObject({ slow: 1, slowShare: 0.5, goodShare: 0.5 })
})

test('a declined card is served like any other, a shop that refuses is not, and nor is who never came to the checkout', () => {
  const goodShare = (more: Partial<Outcome>) => summarise([outcome(80, more)]).goodShare
  expect(goodShare({ status: 402, code: 'card_declined' })).toBe(1)
  expect(goodShare({ status: 503, code: 'overloaded' })).toBe(0)
  expect(goodShare({ status: 0, code: 'ECONNRESET' })).toBe(0)
  expect(goodShare({ status: 409, code: 'out_of_stock', failedStep: 'cart' })).toBe(0)
  expect(summarise([outcome(501, { status: 402 })]).goodShare).toBe(0)
  expect(summarise([outcome(80, { status: 402, code: 'card_declined' })])).toMatchObject({
    succeeded: 0,
    errors: { card_declined: 1 },
  })
})

test('a refused connection is an error, not a fast checkout', () => {
  const { requestMs: _, ...refused } = outcome(0, { status: 0, code: 'ECONNREFUSED', failedStep: 'sign-in' })
  const report = summarise([refused, outcome(80)])
  expect(report).toMatchObject({ latencyMs: { p50: 80 }, errors: { ECONNREFUSED: 1 }, succeeded: 1, goodShare: 0.5 })
})

test('a visit whose cart failed has no latency: it never came to the checkout', () => {
  const { requestMs: _, ...unsent } = outcome(0, { failedStep: 'cart', status: 500, code: 'internal', traceId: 'a' })
  const report = summarise([unsent, { ...unsent, status: 0, code: 'timeout' }, outcome(80, { traceId: 'b' })])
  expect(report).toMatchObject({ count: 3, latencyMs: { p50: 80 }, slow: 0, errors: { internal: 1, timeout: 1 } })
  expect(report.slowest.map(({ traceId }) => traceId)).toEqual(['b'])
})

test('start lag is over those whose cart was ready; the others are counted', () => {
  const late = outcome(400, { startLagMs: 300, isUnprepared: true })
  expect(summarise([outcome(80), late, late])).toMatchObject({ startLagP99Ms: 1, unprepared: 2, count: 3 })
  const { startLagP99Ms, unprepared } = summarise([outcome(80)])
  expect([startLagP99Ms, unprepared]).toEqual([1, undefined])
})

test('a timeout is slow', () => {
  expect(summarise([outcome(30_000, { status: 0, code: 'timeout' })])).toMatchObject({
    slow: 1,
    errors: { timeout: 1 },
  })
})

test('the slowest traces come first', () => {
  const outcomes = [outcome(10, { traceId: 'a' }), outcome(900, { traceId: 'b' }), outcome(700, { traceId: 'c' })]
  expect(summarise(outcomes, 2).slowest.map((slow) => slow.traceId)).toEqual(['b', 'c'])
})

test('nothing at all is summed up without dividing by zero', () => {
  expect(summarise([])).toEqual({
    count: 0,
    ratePerSecond: 0,
    succeeded: 0,
    slow: 0,
    slowShare: 0,
    goodShare: 0,
    errors: {},
    slowest: [],
  })
})

test('the live line says rate, latencies, slow share and errors', () => {
  const report = summarise([outcome(80), outcome(900, { dueEpochMs: 100, status: 402, code: 'card_declined' })])
  expect(lineOf(report)).toBe('checkouts 10.0/s · p50 80 ms · p99 900 ms · slow 50.0 % · errors 1 card_declined')
})

import { expect, test } from 'vitest'
import { spans } from '../../services/kit/telemetry/names.ts'
import { type Evidence, larger, type Observed } from '../../services/lens/evidence.ts'
import { calmMix, windowOf } from '../helpers/hot-product.ts'
import { server, trace, traceIdOf } from '../helpers/traces.ts'

const judge = (evidence: Evidence, now: Observed) => evidence.judge(now, windowOf(calmMix))
const business = { 'shop.tier': 'business' }
const longer = larger('the slow ones have more lines', { key: 'shop.cart_lines', among: business })

/** Checkouts with so many lines each; others, without a number, make up the window. */
function withLines(slow: number[], fast: number[]): Observed {
  const others = windowOf({ ordinary: 120 })
  const made = [...slow.map((lines) => ({ lines, ms: 900 })), ...fast.map((lines) => ({ lines, ms: 90 }))].map(
    ({ lines, ms }, i) => {
      const attributes = { 'shop.cart_lines': lines }
      const traceId = traceIdOf(9000 + i)
      const sample = { traceId, latencyMs: ms, status: 201, startMs: 0, cohort: business }
      return { sample, trace: trace(server('api', spans.checkout, 0, ms, [], { attributes }), traceId) }
    },
  )
  return {
    ...others,
    samples: [...others.samples, ...made.map(({ sample }) => sample)],
    traces: new Map([...others.traces, ...made.map((one) => [one.trace.traceId, one.trace] as const)]),
  }
}

test('larger holds when nearly every slow checkout has more than nearly every fast one', () => {
  expect(judge(longer, withLines([30, 35, 40, 12, 9], [1, 2, 2, 3, 10, 1, 1]))).toEqual({
    state: 'held',
    measured:
      'shop.cart_lines is 30 in the median of 5 slow checkouts among shop.tier = business and 2 in that of 7 fast ones; the slow one has more in 97 % of pairs (at least 90 % expected)',
  })
})

test('larger fails when it is the other way round, when all are equal, and when no span has the number', () => {
  expect(judge(longer, withLines([1, 1, 2, 2, 1], [30, 30, 30, 30, 30])).state).toBe('failed')
  expect(judge(longer, withLines([4, 4, 4, 4, 4], [4, 4, 4, 4, 4])).measured).toContain('50 % of pairs')
  expect(judge(longer, withLines([4, 4, 4, 4, 4], [4, 4, 4, 4, 4])).state).toBe('failed')
  const unknown = larger('', { key: 'shop.no_such_number', among: business })
  expect(judge(unknown, withLines([30, 30, 30, 30, 30], [1, 1, 1, 1, 1])).state).toBe('failed')
})

test('larger fails when calm, and is inconclusive without fast checkouts to compare with', () => {
  expect(judge(longer, withLines([], [1, 2, 3, 4, 5])).state).toBe('failed')
  expect(judge(longer, withLines([30, 30, 30, 30, 30], [1])).state).toBe('inconclusive')
})

test('larger pastes the attribute below slow checkouts', () => {
  expect(longer.paste({ fromMs: 0, toMs: 1 })[0]?.text).toMatch(
    /&& \{ span\.shop\.cart_lines != nil \} \| select\(span\.shop\.cart_lines\)$/,
  )
})

import { expect, test } from 'vitest'
import { metrics, spans } from '../../services/kit/telemetry/names.ts'
import { missingEdge, type Observed, untracedLines } from '../../services/lens/evidence.ts'
import type { Series } from '../../services/lens/source.ts'
import { calmMix, windowOf } from '../helpers/hot-product.ts'
import { logLine, server, trace, traceIdOf } from '../helpers/traces.ts'

const calm = windowOf(calmMix)
const orderOf = (i: number) => `order-${i}`

/** 200 checkouts of which the first 20 are slow; `asked` says which of them still show pricing, and lines name the orders. */
function checkouts(asked: (i: number) => boolean, named: number[] = [], line: { traceId?: string } = {}): Observed {
  const made = Array.from({ length: 200 }, (_, i) => {
    const ms = i < 20 ? 800 : 90
    const traceId = traceIdOf(6000 + i)
    const pricing = asked(i) ? [server('pricing', 'POST /quotes', 10, 20)] : []
    const attributes = { 'shop.order_id': orderOf(i) }
    const whole = trace(server('api', spans.checkout, 0, ms, pricing, { attributes }), traceId)
    return { sample: { traceId, latencyMs: ms, status: 201, startMs: 0, cohort: {} }, trace: whole }
  })
  const lines = named.map((i) => {
    const attributes = { 'shop.order_id': orderOf(i) }
    return logLine(0, 'a price waited 400 ms', { service: 'inventory', attributes, ...line })
  })
  return {
    ...calm,
    samples: made.map(({ sample }) => sample),
    traces: new Map(made.map((one) => [one.trace.traceId, one.trace])),
    logs: lines,
    series: answered(200),
  }
}

/** So many requests that pricing answered within the window. */
const answered = (count: number): Series[] => [
  {
    metric: metrics.httpServerDuration,
    labels: { 'service.name': 'pricing' },
    points: [{ atMs: calm.window.fromMs + 1, value: 0.01, count }],
  },
]

const noPricing = missingEdge('pricing is not in the trace', { to: 'pricing' })

test('missingEdge holds when checkouts showed the service before and do not now', () => {
  expect(
    noPricing.judge(
      checkouts(() => false),
      calm,
    ),
  ).toEqual({
    state: 'held',
    measured:
      'no span of pricing in 100 % of 200 traces (at least 90 % expected), in 0.0 % when calm; it answered 200 requests for 200 checkouts',
  })
})

test('missingEdge fails when calm, when it is there in a quarter, and when it never was', () => {
  expect(noPricing.judge(calm, calm).state).toBe('failed')
  const quarter = checkouts((i) => i % 4 === 0)
  expect(noPricing.judge(quarter, calm).state).toBe('failed')
  const nobody = missingEdge('', { to: 'nobody' })
  expect(nobody.judge(calm, calm).state).toBe('failed')
})

test('missingEdge fails when nobody asks the service any more', () => {
  const { state, measured } = noPricing.judge({ ...checkouts(() => false), series: answered(0) }, calm)
  expect(state).toBe('failed')
  expect(measured).toMatch(/it answered 0 requests/)
})

test('missingEdge is inconclusive on few traces', () => {
  expect(noPricing.judge(windowOf({ ordinary: 40 }), calm).state).toBe('inconclusive')
  expect(noPricing.judge(calm, windowOf({ ordinary: 40 })).state).toBe('inconclusive')
})

test('missingEdge pastes a search for traces that begin in the service', () => {
  expect(noPricing.paste({ fromMs: 0, toMs: 1 })[0]).toEqual({
    language: 'TraceQL',
    text: '{ resource.service.name = "pricing" && kind = server && nestedSetParent = -1 }',
  })
})

const slowOnes = Array.from({ length: 20 }, (_, i) => i)
const waited = untracedLines('they waited', { service: 'inventory', pattern: /waited \d+ ms/, key: 'shop.order_id' })

test('untracedLines holds when lines without a trace name the slow orders and few others', () => {
  expect(
    waited.judge(
      checkouts(() => true, [...slowOnes, 30, 31]),
      calm,
    ),
  ).toEqual({
    state: 'held',
    measured:
      '20 of 20 slow checkouts are named by shop.order_id (100 %, at least 80 % expected), 2 of 180 fast ones: 70.7 times as often (at least 5 expected)',
  })
})

test('untracedLines fails for lines with a trace, for other lines, for few of the slow ones and for all of the fast ones', () => {
  const judge = (observed: Observed) => waited.judge(observed, calm).state
  expect(judge(checkouts(() => true, slowOnes, { traceId: traceIdOf(1) }))).toBe('failed')
  expect(judge(checkouts(() => true))).toBe('failed')
  expect(judge(checkouts(() => true, slowOnes.slice(0, 15)))).toBe('failed')
  const everybody = Array.from({ length: 200 }, (_, i) => i)
  expect(judge(checkouts(() => true, everybody))).toBe('failed')
  const otherKey = untracedLines('', { service: 'inventory', pattern: /waited/, key: 'shop.sku' })
  expect(
    otherKey.judge(
      checkouts(() => true, slowOnes),
      calm,
    ).state,
  ).toBe('failed')
  expect(judge(calm)).toBe('failed')
})

test('untracedLines is inconclusive on few checkouts, and pastes lines that have no trace', () => {
  expect(waited.judge(windowOf({ ordinary: 40, waiting: 40 }), calm).state).toBe('inconclusive')
  expect(waited.paste({ fromMs: 0, toMs: 1 })).toEqual([
    { language: 'LogQL', text: '{service_name="inventory"} |~ `waited \\d+ ms` | trace_id = ""' },
  ])
})

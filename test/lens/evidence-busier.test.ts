import { expect, test } from 'vitest'
import { metrics } from '../../services/kit/telemetry/names.ts'
import { busier, type Observed } from '../../services/lens/evidence.ts'
import { windowOf } from '../helpers/hot-product.ts'

const labels = { 'service.name': 'pricing' }
const requests = busier('pricing is asked more often', {
  metric: metrics.httpServerDuration,
  labels,
  ratioAtLeast: 2,
})

/** So many requests in each of the window's seconds, by service; `seconds` is how long the window is. */
function asked(perSecond: Record<string, number>, seconds = 20): Observed {
  const times = Array.from({ length: 30 }, (_, i) => i * 1000)
  const series = Object.entries(perSecond).map(([service, count]) => ({
    metric: metrics.httpServerDuration,
    labels: { 'service.name': service, 'http.route': '/quotes' },
    points: times.map((atMs) => ({ atMs, value: 0.012, count })),
  }))
  return { ...windowOf({}), window: { fromMs: 0, toMs: seconds * 1000 }, series }
}

test('busier compares rates, whatever the length of the windows', () => {
  expect(requests.judge(asked({ pricing: 60 }, 10), asked({ pricing: 20 }))).toEqual({
    state: 'held',
    measured:
      'http.server.request.duration counts 60.0 a second, 20.0 when calm: 3.0 times as many (at least 2 expected)',
  })
})

test('busier fails below the ratio, when calm, and when somebody else is asked more often', () => {
  expect(requests.judge(asked({ pricing: 39 }), asked({ pricing: 20 })).state).toBe('failed')
  expect(requests.judge(asked({ pricing: 20 }), asked({ pricing: 20 })).state).toBe('failed')
  expect(requests.judge(asked({ pricing: 20, payment: 90 }), asked({ pricing: 20, payment: 20 })).state).toBe('failed')
  expect(requests.judge(asked({}), asked({ pricing: 20 })).state).toBe('failed')
})

test('busier is inconclusive when there was next to nothing to compare with', () => {
  expect(requests.judge(asked({ pricing: 60 }), asked({ pricing: 0.5 })).state).toBe('inconclusive')
  expect(requests.judge(asked({ pricing: 60 }), asked({})).state).toBe('inconclusive')
})

test('busier counts what a counter grew by', () => {
  const retries = busier('', { metric: metrics.bankRetries, labels: {}, ratioAtLeast: 3 })
  const grown = (value: number): Observed => ({
    ...asked({}),
    series: [{ metric: metrics.bankRetries, labels: {}, points: [1, 2, 3].map((s) => ({ atMs: s * 1000, value })) }],
  })
  expect(retries.judge(grown(40), grown(10)).state).toBe('held')
  expect(retries.judge(grown(20), grown(10)).state).toBe('failed')
})

test('busier pastes a rate, of the count where it is a histogram', () => {
  const text = (evidence: typeof requests) => evidence.paste({ fromMs: 0, toMs: 1 })[0]?.text
  expect(text(requests)).toBe('sum(rate(http_server_request_duration_seconds_count{service_name="pricing"}[1m]))')
  expect(text(busier('', { metric: metrics.bankRetries, labels: {}, ratioAtLeast: 2 }))).toBe(
    'sum(rate(shop_bank_retries_total[1m]))',
  )
})

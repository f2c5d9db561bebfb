import { expect, test } from 'vitest'
import { attributes, metrics, spans } from '../../services/kit/telemetry/names.ts'
import { prometheusName } from '../../services/kit/telemetry/prometheus-names.ts'
import { pasteSeries } from '../../services/lens/evidence/paste.ts'
import {
  duringPeaks,
  gap,
  impactBound,
  inBursts,
  logLift,
  saturated,
  serialSiblings,
  shared,
  slowerSpan,
  steadySelfTime,
} from '../../services/lens/evidence.ts'

const window = { fromMs: 1_000_000, toMs: 1_020_000 }
const slow = '{ resource.service.name = "api" && name = "POST /api/checkout" && kind = server && duration > 500ms }'
const list = '/?service=api&route=POST+%2Fapi%2Fcheckout&minDurationMs=500&sort=slowest&from=1000000&to=1020000'

test('trace evidence pastes as TraceQL and as a path of the viewer', () => {
  const where = { service: 'inventory', name: spans.lockStock, atLeastShare: 0.8 }
  const expected = [
    {
      language: 'TraceQL',
      text: `${slow} >> { resource.service.name = "inventory" && name = "lock stock" }`,
    },
    { language: 'viewer', text: list },
  ]
  expect(slowerSpan('', where).paste(window)).toEqual(expected)
  expect(gap('', { ...where, part: 'before-server' }).paste(window)).toEqual(expected)
})

test('counted, attributed and timed spans paste as TraceQL', () => {
  const text = (evidence: { paste: (of: typeof window) => { text: string }[] }) => evidence.paste(window)[0]?.text
  const siblings = serialSiblings('', { service: 'inventory', kind: 'client', to: 'pricing', atLeast: 10, inside: {} })
  expect(text(siblings)).toBe(
    `(${slow} >> { resource.service.name = "inventory" && kind = client && span.peer.service = "pricing" }) | count() >= 10`,
  )
  expect(text(shared('', { key: 'shop.sku', value: 'mug', atLeastShare: 1 }))).toBe(
    `${slow} && { span.shop.sku = "mug" }`,
  )
  expect(text(shared('', { key: 'inventory:lock stock:shop.sku', atLeastShare: 1 }))).toBe(
    `${slow} && { resource.service.name = "inventory" && name = "lock stock" && span.shop.sku != nil } | select(span.shop.sku)`,
  )
  expect(text(shared('', { key: 'payment:POST:http.response.status_code', value: '429', atLeastShare: 1 }))).toBe(
    `${slow} && { resource.service.name = "payment" && name = "POST" && span.http.response.status_code = 429 }`,
  )
  expect(text(shared('', { key: 'pricing:POST /quotes:event', value: 'cache.miss', atLeastShare: 1 }))).toBe(
    `${slow} && { resource.service.name = "pricing" && name = "POST /quotes" && event:name = "cache.miss" }`,
  )
  expect(text(steadySelfTime('', { service: 'pricing', ratioAtMost: 1 }))).toBe(
    '{ resource.service.name = "pricing" && kind = server } | quantile_over_time(duration, 0.5)',
  )
})

test('metrics paste under the names that Prometheus gives them', () => {
  const waiting = saturated('', {
    metric: metrics.dbSessionsWaiting,
    labels: { [attributes.waitEventType]: 'Lock', 'service.name': 'postgres' },
    above: 0,
    atLeastShareOfPoints: 0.3,
  })
  expect(waiting.paste(window)).toEqual([
    {
      language: 'PromQL',
      text: 'postgresql_sessions_waiting{postgresql_wait_event_type="Lock", service_name="postgres"} > 0',
    },
  ])
  expect(
    impactBound('')
      .paste(window)
      .map(({ text }) => text),
  ).toEqual([
    '1 - sum(increase(shop_checkout_duration_seconds_bucket{le="0.5"}[20s])) / sum(increase(shop_checkout_duration_seconds_count[20s]))',
    'histogram_quantile(0.5, sum by (le) (increase(shop_checkout_duration_seconds_bucket[20s])))',
  ])
  expect(pasteSeries(metrics.bankRetries, {}, 1).text).toBe('rate(shop_bank_retries_total[4s]) > 1')
  expect(pasteSeries(metrics.dbDuration, {}, 0.1).text).toBe(
    '(rate(db_client_operation_duration_seconds_sum[4s]) / rate(db_client_operation_duration_seconds_count[4s])) > 0.1',
  )
})

test('evidence about times pastes what shows the times', () => {
  const misses = { 'shop.cache.result': 'miss' }
  const peaks = duringPeaks('', { metric: metrics.cacheLookups, labels: misses, above: 12 })
  expect(peaks.paste(window)).toEqual([
    { language: 'PromQL', text: 'rate(shop_cache_lookups_total{shop_cache_result="miss"}[4s]) * 1.5 > 12' },
  ])
  expect(inBursts('', { quietMs: 1, everyMs: [1, 2] }).paste(window)).toEqual([
    { language: 'TraceQL', text: `${slow} | count_over_time()` },
    { language: 'viewer', text: list },
  ])
})

test('units become suffixes', () => {
  expect(prometheusName(metrics.eventLoopUtilization)).toBe('nodejs_eventloop_utilization_ratio')
  expect(prometheusName(metrics.eventLoopDelayP99)).toBe('nodejs_eventloop_delay_p99_seconds')
  expect(prometheusName(metrics.heapUsed)).toBe('v8js_memory_heap_used_bytes')
  expect(prometheusName(metrics.checkouts)).toBe('shop_checkouts_total')
})

test('log evidence pastes as LogQL, with its flags', () => {
  expect(logLift('', { service: 'postgres', pattern: /still waiting for/i }).paste(window)).toEqual([
    { language: 'LogQL', text: '{service_name="postgres"} |~ `(?i)still waiting for` | trace_id != ""' },
  ])
  expect(
    logLift('', { service: 'payment', pattern: /authorised/, with: { 'shop.card_issuer': 'x' } }).paste(window),
  ).toEqual([
    {
      language: 'LogQL',
      text: '{service_name="payment"} |~ `authorised` | shop_card_issuer="x" | trace_id != ""',
    },
  ])
})

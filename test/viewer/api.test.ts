// The JSON API over real HTTP: what the pages and the verifier ask.

import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import * as sdkMetrics from '@opentelemetry/sdk-metrics'
import { MeterProvider, type MetricReader } from '@opentelemetry/sdk-metrics'
import { expect, test } from 'vitest'
import type { Series } from '../../services/lens/source.ts'
import type { TraceSummary } from '../../services/lens/sources/viewer.ts'
import { viewerSource } from '../../services/lens/sources/viewer.ts'
import type { Trace } from '../../services/lens/trace.ts'
import { checkout, idFor } from '../helpers/checkouts.ts'
import { nanos, pairs } from '../helpers/otlp.ts'
import { startViewer } from '../helpers/viewer.ts'

const base = 1_790_000_000_000

/** Three checkouts a second apart: quick, slow (waits for the first), declined. */
async function shopViewer() {
  const viewer = await startViewer()
  const made = [
    checkout({ n: 1 }),
    checkout({ n: 2, waitMs: 700, blockedBy: idFor(1) }),
    checkout({ n: 3, declined: true }),
  ]
  for (const [i, { spans, logs }] of made.entries()) {
    await viewer.sendSpans(spans, base + i * 1000)
    await viewer.sendLogs(logs, base + i * 1000)
  }
  const list = async (query: string) => {
    const { body } = await viewer.get<{ traces: TraceSummary[] }>(`/api/traces?${query}`)
    return body.traces.map(({ traceId }) => made.findIndex((checkout) => checkout.traceId === traceId) + 1)
  }
  return { viewer, made, list }
}

test('traces are listed newest or slowest first', async () => {
  const { list } = await shopViewer()
  expect(await list('')).toEqual([3, 2, 1])
  expect(await list('sort=slowest&limit=1')).toEqual([2])
})

test('traces are filtered by service, route, duration, errors and time', async () => {
  const { list } = await shopViewer()
  expect(await list('service=pricing')).toEqual([3, 2, 1])
  expect(await list('service=bank')).toEqual([])
  expect(await list('route=/api/checkout')).toEqual([3, 2, 1])
  expect(await list(`route=${encodeURIComponent('POST /api/checkout')}`)).toEqual([3, 2, 1])
  expect(await list('route=/api/cart')).toEqual([])
  expect(await list('minDurationMs=500')).toEqual([2])
  expect(await list('maxDurationMs=500')).toEqual([3, 1])
  expect(await list('errors=true')).toEqual([3])
  expect(await list('errors=false')).toEqual([3, 2, 1])
  expect(await list(`from=${base + 1000}&to=${base + 2000}`)).toEqual([2])
})

test('a summary speaks of the root span, although the queue works on long after it', async () => {
  const { viewer, made } = await shopViewer()
  const { body } = await viewer.get<{ traces: TraceSummary[] }>('/api/traces?sort=slowest&limit=1')
  expect(body.traces[0]).toEqual({
    traceId: made[1]?.traceId,
    rootName: 'POST /api/checkout',
    rootService: 'api',
    route: '/api/checkout',
    startMs: base + 1000,
    durationMs: 824,
    spanCount: 17,
    services: ['api', 'inventory', 'pricing', 'payment'],
    errorCount: 0,
    status: 'unset',
    hasRoot: true,
    isComplete: true,
  })
})

test('a trace comes with its critical path, its log and the trace it waited for', async () => {
  const { viewer, made } = await shopViewer()
  const { status, body } = await viewer.get<Record<string, unknown[]> & { trace: Trace }>(`/api/traces/${idFor(2)}`)
  expect(status).toBe(200)
  expect(body.trace.spans).toHaveLength(17)
  expect(body.criticalPath?.length).toBeGreaterThan(3)
  expect(body.findings).toEqual(expect.any(Array))
  expect(body.logs).toHaveLength(made[1]?.logs.length ?? 0)
  expect(body.blockedBy).toEqual([idFor(1)])
})

test('an unknown trace is answered 404, a malformed id 400', async () => {
  const { viewer } = await shopViewer()
  expect(await viewer.get(`/api/traces/${'f'.repeat(32)}`)).toMatchObject({ status: 404, body: { code: 'not_found' } })
  expect(await viewer.get('/api/traces/abc')).toEqual({
    status: 400,
    body: { code: 'invalid_request', message: 'id is "abc": expected 32 hexadecimal digits' },
  })
})

test('many traces are looked up at once, and only those that are here come back', async () => {
  const { viewer } = await shopViewer()
  const ids = [idFor(3), 'f'.repeat(32), idFor(1), idFor(1)]
  const response = await viewer.post('/api/traces/lookup', JSON.stringify({ ids }))
  const { traces } = (await response.json()) as { traces: Trace[] }
  expect(traces.map(({ traceId }) => traceId)).toEqual([idFor(3), idFor(1)])
  const none = await viewer.post('/api/traces/lookup', '{"ids":[]}')
  expect(await none.json()).toEqual({ traces: [] })
})

test.for([
  ['/api/traces?limit=many', 'limit is "many": expected a whole number'],
  ['/api/traces?limit=0', 'limit is "0": expected at least 1'],
  ['/api/traces?minDurationMs=-1', 'minDurationMs is "-1": expected at least 0'],
  ['/api/traces?sort=oldest', 'sort is "oldest": expected newest or slowest'],
  ['/api/traces?errors=yes', 'errors is "yes": expected true or false'],
  ['/api/traces?from=yesterday', 'from is "yesterday": expected epoch milliseconds'],
  ['/api/traces?durationMs=5', 'durationMs is not known here'],
  ['/api/traces?service=a&service=b', 'service is ["a","b"]: expected one value'],
  ['/api/logs?severity=loud', 'severity is "loud": expected trace or debug or info or warn or error or fatal'],
  ['/api/logs?traceId=1', 'traceId is "1": expected 32 hexadecimal digits'],
  ['/api/series', 'metric is missing: expected one value'],
])('a bad parameter is named with its value and what was expected: %s', async ([path, message]) => {
  const viewer = await startViewer()
  expect(await viewer.get(path as string)).toEqual({ status: 400, body: { code: 'invalid_request', message } })
})

test('a lookup with bad ids or too many is answered 400', async () => {
  const viewer = await startViewer()
  for (const body of ['{"ids":["x"]}', '{}', '[]', '{', JSON.stringify({ ids: Array(5_001).fill('a'.repeat(32)) })]) {
    expect((await viewer.post('/api/traces/lookup', body)).status).toBe(400)
  }
})

test('log lines are found over HTTP', async () => {
  const { viewer } = await shopViewer()
  const { body } = await viewer.get<{ logs: { body: string }[] }>('/api/logs?service=postgres&text=still%20waiting')
  expect(body.logs).toHaveLength(1)
})

test('services and status say what is here, and clear empties it', async () => {
  const { viewer } = await shopViewer()
  const names = async () =>
    (await viewer.get<{ services: { name: string }[] }>('/api/services')).body.services.map((s) => s.name)
  expect(await names()).toEqual(['api', 'inventory', 'payment', 'postgres', 'pricing'])
  expect((await viewer.get('/api/status')).body).toMatchObject({
    traces: { traces: 3, spans: 51, evicted: 0 },
    received: { traces: { requests: 3, accepted: 51, rejected: 0 } },
  })
  expect((await fetch(`${viewer.url}/api/clear`, { method: 'POST' })).status).toBe(204)
  expect(await names()).toEqual([])
  expect((await viewer.get('/api/status')).body).toMatchObject({ traces: { traces: 0 }, logs: { lines: 0 } })
})

test('pages of another site cannot clear the store', async () => {
  const viewer = await startViewer()
  const response = await fetch(`${viewer.url}/api/clear`, {
    method: 'POST',
    headers: { 'sec-fetch-site': 'cross-site' },
  })
  expect(response.status).toBe(403)
})

test.for([
  ['JSON', JsonMetricsSerializer, 'application/json'],
  ['protobuf', ProtobufMetricsSerializer, 'application/x-protobuf'],
] as const)("the SDK's cumulative metrics as %s become points of their interval", async ([, serializer, type]) => {
  const viewer = await startViewer({ startedAtMs: Date.now() - 1000 })
  const reader = new ManualReader()
  const resource = resourceFromAttributes({
    'service.name': 'api',
    'service.instance.id': 'api-1',
    'service.version': '2',
  })
  const meter = new MeterProvider({ resource, readers: [reader] }).getMeter('test')
  const counter = meter.createCounter('shop.checkouts')
  const histogram = meter.createHistogram('shop.checkout.duration', {
    unit: 's',
    advice: { explicitBucketBoundaries: [0.1, 0.5] },
  })
  const exported = async () => {
    const { resourceMetrics } = await reader.collect()
    const response = await viewer.post('/v1/metrics', serializer.serializeRequest(resourceMetrics) as Uint8Array, {
      'content-type': type,
    })
    expect([response.status, await response.text()]).toEqual([200, type === 'application/json' ? '{}' : ''])
  }
  counter.add(3, { 'shop.outcome': 'placed' })
  histogram.record(0.05)
  await exported()
  counter.add(2, { 'shop.outcome': 'placed' })
  histogram.record(0.3)
  histogram.record(2.7)
  await exported()

  const path = '/api/series?label.service.instance.id=api-1&label.shop.outcome=placed&metric=shop.checkouts'
  const { body: counted } = await viewer.get<{ series: Series[] }>(path)
  expect(counted.series[0]?.labels).toEqual({
    'service.name': 'api',
    'service.instance.id': 'api-1',
    'service.version': '2',
    'shop.outcome': 'placed',
  })
  expect(counted.series[0]?.points.map(({ value }) => value)).toEqual([3, 2])
  const window = { fromMs: 0, toMs: Date.now() + 1000 }
  const [measured] = await viewerSource(new URL(viewer.url)).series('shop.checkout.duration', {}, window)
  expect(measured?.points[1]).toEqual({
    atMs: expect.any(Number),
    value: 1.5,
    count: 2,
    sum: 3,
    buckets: [
      { upTo: 0.1, count: 0 },
      { upTo: 0.5, count: 1 },
      { upTo: Number.POSITIVE_INFINITY, count: 1 },
    ],
  })
  expect((await viewer.get('/api/metrics')).body.metrics).toContainEqual({
    name: 'shop.checkout.duration',
    unit: 's',
    kind: 'histogram',
    labelNames: ['service.instance.id', 'service.name', 'service.version'],
  })
})

test('exemplars are kept with their trace, and summaries refused', async () => {
  const viewer = await startViewer({ startedAtMs: base })
  const point = { startTimeUnixNano: nanos(base + 1), timeUnixNano: nanos(base + 5000), attributes: pairs({ a: 'b' }) }
  const exemplar = { timeUnixNano: nanos(base + 4000), asDouble: 0.9, traceId: idFor(1), spanId: 'ab'.repeat(8) }
  const dataPoints = [
    { ...point, count: '1', sum: 0.9, bucketCounts: ['0', '1'], explicitBounds: [0.5], exemplars: [exemplar] },
  ]
  const metrics = [
    { name: 'http.server.request.duration', unit: 's', histogram: { aggregationTemporality: 2, dataPoints } },
    { name: 'old', summary: { dataPoints: [point] } },
  ]
  const response = await viewer.post(
    '/v1/metrics',
    JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }),
  )
  expect(await response.json()).toEqual({
    partialSuccess: { rejectedDataPoints: '1', errorMessage: 'old is a summary, which the viewer does not keep' },
  })
  expect((await viewer.get('/api/exemplars?metric=http.server.request.duration')).body).toEqual({
    exemplars: [{ atMs: base + 4000, value: 0.9, traceId: idFor(1), spanId: 'ab'.repeat(8), labels: { a: 'b' } }],
  })
})

/** Collects when the test says so. */
class ManualReader extends sdkMetrics.MetricReader implements MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

test('a trace whose root is still on its way is not listed yet; one that never got it is, after a while', async () => {
  const { viewer } = await shopViewer()
  const part = (traceId: string, startMs: number) => ({
    ...{ traceId, spanId: 'a'.repeat(16), parentSpanId: 'b'.repeat(16), name: 'POST /quotes', kind: 2 },
    ...{ startTimeUnixNano: `${startMs}000000`, endTimeUnixNano: `${startMs + 3}000000` },
  })
  const spans = [part('1'.repeat(32), Date.now()), part('2'.repeat(32), Date.now() - 60_000)]

  await viewer.post('/v1/traces', JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }))

  const { body } = await viewer.get<{ traces: TraceSummary[] }>('/api/traces?route=POST%20/quotes')
  expect(body.traces.map((summary) => summary.traceId)).toEqual(['2'.repeat(32)])
})

// What one viewer had, in another one: exported as OTLP/JSON lines and imported again, nothing has changed.
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { viewerSource } from '../../services/lens/sources/viewer.ts'
import { why } from '../../services/lens/why/why.ts'
import { look } from '../../services/workshop/look.ts'
import { openTelemetry } from '../../services/workshop/telemetry.ts'
import { checkout, idFor } from '../helpers/checkouts.ts'
import { nanos, pairs } from '../helpers/otlp.ts'
import { startViewer, type Viewer } from '../helpers/viewer.ts'

const base = 1_790_000_000_000
const whole = { fromMs: base - 60_000, toMs: base + 600_000 }

/** Sixty checkouts, ten of them slow, with lines, and metrics of every kind. */
async function busyViewer(): Promise<Viewer> {
  const viewer = await startViewer()
  for (let n = 1; n <= 60; n++) {
    const { spans, logs } = checkout(
      n % 6 === 0 ? { n, waitMs: 700, blockedBy: idFor(n - 1) } : { n, declined: n % 10 === 1 },
    )
    await viewer.sendSpans(spans, base + n * 1000)
    await viewer.sendLogs(logs, base + n * 1000)
  }
  for (const second of [1, 2, 3]) await viewer.sendMetrics(metricsAt(second))
  return viewer
}

function metricsAt(second: number): object {
  const at = { timeUnixNano: nanos(base + second * 1500.25), startTimeUnixNano: nanos(Date.now()) }
  const attributes = pairs({ 'http.route': '/reservations', 'error.type': 'none' })
  const cumulative = { aggregationTemporality: 2 }
  const bounds = { explicitBounds: [0.1, 0.5], bucketCounts: [String(second * 4), String(second), '0'] }
  const exemplars = [
    { timeUnixNano: nanos(base + second), asDouble: 0.3, traceId: idFor(second), spanId: '00000000000000aa' },
  ]
  return {
    resourceMetrics: [
      {
        resource: { attributes: pairs({ 'service.name': 'inventory', 'service.instance.id': 'inventory-1' }) },
        scopeMetrics: [
          {
            metrics: [
              {
                name: 'nodejs.eventloop.delay.max',
                unit: 's',
                gauge: { dataPoints: [{ ...at, asDouble: 0.01 * second }] },
              },
              {
                name: 'shop.reservations',
                unit: '{reservation}',
                sum: {
                  ...cumulative,
                  isMonotonic: true,
                  dataPoints: [{ ...at, attributes, asInt: String(second * 7) }],
                },
              },
              {
                name: 'shop.db.pool.connections',
                unit: '{connection}',
                sum: { ...cumulative, dataPoints: [{ ...at, asInt: String(second) }] },
              },
              {
                name: 'http.server.request.duration',
                unit: 's',
                histogram: {
                  ...cumulative,
                  dataPoints: [
                    { ...at, attributes, ...bounds, exemplars, count: String(second * 5), sum: second * 0.7 },
                  ],
                },
              },
            ],
          },
        ],
      },
    ],
  }
}

const send = (viewer: Viewer, body: string | Uint8Array, type = 'application/x-ndjson') =>
  viewer.post('/api/import', body, { 'content-type': type })

async function allOf(viewer: Viewer) {
  const source = viewerSource(new URL(viewer.url))
  const found = await source.search({ limit: 1000 })
  const { body } = await viewer.get<{ metrics: { name: string }[] }>('/api/metrics')
  return {
    found: found.toSorted((a, b) => a.startMs - b.startMs),
    traces: [...(await source.traces(found.map(({ traceId }) => traceId)))].sort(),
    logs: await source.logs({ window: whole }),
    metrics: body.metrics,
    series: await Promise.all(body.metrics.map(({ name }) => source.series(name, {}, whole))),
    exemplars: (await viewer.get('/api/exemplars?metric=http.server.request.duration')).body,
  }
}

test('traces, lines, series and exemplars are the same in a fresh viewer', async () => {
  const [before, fresh] = [await busyViewer(), await startViewer()]
  const response = await fetch(`${before.url}/api/export`)
  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="slow-sometimes-[\dT-]+\.jsonl"$/)
  const bundle = await response.text()

  const { status, ...answer } = await send(fresh, bundle)
  expect(status, JSON.stringify(answer)).toBe(200)
  expect(await allOf(fresh)).toEqual(await allOf(before))
})

test('the report about them is the same', async () => {
  const [before, fresh] = [await busyViewer(), await startViewer()]
  await send(fresh, await (await fetch(`${before.url}/api/export`)).text())
  const reportOf = async (viewer: Viewer) =>
    why(
      await look(openTelemetry('viewer', { ...config, VIEWER_URL: viewer.url }), {
        fromMs: whole.fromMs,
        toMs: whole.toMs,
      }),
    )
  const report = await reportOf(before)
  expect(report.who).toMatchObject({ total: 60, slow: 10 })
  expect(await reportOf(fresh)).toEqual(report)
})

test('a compressed bundle is taken as well', async () => {
  const [before, fresh] = [await busyViewer(), await startViewer()]
  const bundle = await (await fetch(`${before.url}/api/export`)).text()
  expect((await send(fresh, gzipSync(bundle), 'application/gzip')).status).toBe(200)
  expect((await allOf(fresh)).found).toHaveLength(60)
})

test('lines that are no OTLP are counted and named, and the others are there', async () => {
  const [before, fresh] = [await busyViewer(), await startViewer()]
  const bundle = await (await fetch(`${before.url}/api/export`)).text()
  const response = await send(fresh, `\n{"a":1}\n${bundle}not json\n`)
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({
    refused: 2,
    rejected: 0,
    why: 'Line 1: it is no OTLP request: expected one of resourceSpans, resourceLogs, resourceMetrics',
  })
  expect((await allOf(fresh)).found).toHaveLength(60)
})

test.each([
  ['application/x-ndjson', 'hello', /Nothing of it is OTLP as JSON lines\. Line 1: it is no JSON object/],
  ['application/gzip', 'hello', /The bundle could not be read to its end: incorrect header check/],
])('what is no bundle at all is refused with a sentence: %s', async (type, body, says) => {
  const response = await send(await startViewer(), body, type)
  expect(response.status).toBe(400)
  expect((await response.json()) as object).toMatchObject({ message: expect.stringMatching(says) })
})

const config = { SOURCE: 'viewer', PORT_BASE: 0, TRACES_BACKEND: 'tempo' } as unknown as Parameters<
  typeof openTelemetry
>[1]

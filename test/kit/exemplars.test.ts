// Exemplars on histogram points: over real OTLP in both encodings, bounded, and not lost with an export that fails.
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { context, TraceFlags, trace } from '@opentelemetry/api'
import { ExportResultCode } from '@opentelemetry/core'
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics'
import { expect, onTestFinished, test } from 'vitest'
import { decodeRequest } from '../../infra/viewer/decode.ts'
import { protobufWithExemplars } from '../../services/kit/telemetry/exemplar-encoding.ts'
import { exportingExemplars } from '../../services/kit/telemetry/exemplar-export.ts'
import { createExemplars, type Exemplar, withExemplars } from '../../services/kit/telemetry/exemplars.ts'
import { metrics } from '../../services/kit/telemetry/names.ts'
import { startViewer } from '../helpers/viewer.ts'

const root = resolve(import.meta.dirname, '../..')
const exemplar = (atMs: number, value: number): Exemplar => ({
  ...{ atMs, value },
  ...{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) },
})

type Recorded = { value: number; outcome: string; traceId: string; spanId: string }

/** Runs a process that records `values` under the kit's telemetry, and gives what it says about itself. */
async function record(values: string[], env: Record<string, string>): Promise<Recorded[]> {
  const hooks = ['hook', 'register'].flatMap((name) => ['--import', `./services/kit/telemetry/${name}.ts`])
  const args = [...hooks, 'test/helpers/exemplar-process.ts', ...values]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env })
  return JSON.parse(stdout) as Recorded[]
}

test.for(['http/protobuf', 'http/json'])(
  'exemplars reach a receiver over %s, each in its own series',
  { timeout: 30_000 },
  async (protocol) => {
    const viewer = await startViewer()
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: viewer.url, OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: protocol }

    const recorded = await record(['0.03=placed', '0.7=placed', '0.02=declined'], { ...env, OTEL_SERVICE_NAME: 'api' })

    type Answer = { exemplars: (Exemplar & { labels: Record<string, string> })[] }
    const { body } = await viewer.get<Answer>(`/api/exemplars?metric=${metrics.checkoutDuration}`)
    const seen = body.exemplars.map(({ value, traceId, spanId, labels }) => ({
      ...{ value, outcome: labels['shop.outcome'], traceId, spanId },
    }))
    expect(seen).toHaveLength(3)
    expect(seen).toEqual(expect.arrayContaining(recorded))
    expect(body.exemplars.every(({ atMs }) => Math.abs(Date.now() - atMs) < 10_000)).toBe(true)
    // Metrics that have none arrive as they always did, and the traces are there to be opened.
    const others = await viewer.get<Answer>(`/api/exemplars?metric=${metrics.dbDuration}`)
    expect(others.body.exemplars).toEqual([])
    expect(viewer.store.series.metrics().map(({ name }) => name)).toContain(metrics.dbDuration)
    expect(recorded.every(({ traceId }) => viewer.store.traces.get(traceId) !== undefined)).toBe(true)
  },
)

test('the standard variables decide: endpoint of the signal, interval, and none at all', {
  timeout: 30_000,
}, async () => {
  const viewer = await startViewer()
  const signals: string[] = []
  viewer.store.receive = ((receive) => (signal, request) => {
    signals.push(signal)
    return receive(signal, request)
  })(viewer.store.receive)

  await record(['0.1=placed'], {
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${viewer.url}/v1/metrics`,
    OTEL_TRACES_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_METRIC_EXPORT_INTERVAL: '50',
  })
  expect(new Set(signals)).toEqual(new Set(['metrics']))
  signals.length = 0
  await record(['0.1=placed'], { OTEL_EXPORTER_OTLP_ENDPOINT: viewer.url, OTEL_METRICS_EXPORTER: 'none' })
  expect(signals).not.toContain('metrics')
})

/** A histogram, and an exporter that fails as often as told. */
function metering(failures: number) {
  const store = createExemplars()
  const sent: ResourceMetrics[] = []
  const inner = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const flaky: Required<PushMetricExporter> = {
    export(metrics, done) {
      if (failures-- > 0) return done({ code: ExportResultCode.FAILED, error: new Error('not now') })
      sent.push(metrics)
      done({ code: ExportResultCode.SUCCESS })
    },
    forceFlush: () => inner.forceFlush(),
    shutdown: () => inner.shutdown(),
    selectAggregation: () => ({ type: 0 }),
    selectAggregationTemporality: (type) => inner.selectAggregationTemporality(type),
  }
  const reader = new PeriodicExportingMetricReader({ exporter: exportingExemplars(flaky, store) })
  const provider = new MeterProvider({ readers: [reader], resource: resourceFromAttributes({}) })
  onTestFinished(() => provider.shutdown())
  const histogram = provider.getMeter('test').createHistogram(metrics.checkoutDuration)
  return { store, sent, provider, histogram: withExemplars(histogram, metrics.checkoutDuration, store) }
}

const within = (traceFlags: TraceFlags) => trace.setSpanContext(context.active(), { ...exemplar(0, 0), traceFlags })

test('an export that fails gives its exemplars to the next one, in order', async () => {
  const { histogram, provider, sent } = metering(1)
  histogram.record(0.2, { a: 1 }, within(TraceFlags.SAMPLED))
  await provider.forceFlush().catch(() => {})
  expect(sent).toEqual([])
  histogram.record(0.1, { a: 1 }, within(TraceFlags.SAMPLED))
  await provider.forceFlush()

  const points = sent[0]?.scopeMetrics[0]?.metrics[0]?.dataPoints as { exemplars?: Exemplar[] }[]
  expect(points[0]?.exemplars?.map(({ value }) => value).sort()).toEqual([0.1, 0.2])
  await provider.forceFlush()
  expect(sent[1]?.scopeMetrics[0]?.metrics[0]?.dataPoints[0]).not.toHaveProperty('exemplars')
})

test('a value outside of a stored trace is counted and is no exemplar', async () => {
  const { histogram, store } = metering(0)
  histogram.record(0.2)
  histogram.record(0.2, {}, within(TraceFlags.NONE))
  expect(store.take(metrics.checkoutDuration, {})).toEqual([])
})

test('what waits is bounded, the fastest go first, and the rest stays in order', () => {
  const store = createExemplars({ mostPerSeries: 3, mostSeries: 2 })
  for (const [atMs, value] of [[1, 5], [2, 1], [3, 4], [4, 9], [4, 6]] as const) // biome-ignore format: one line says it
    store.offer('m', { a: 1, b: 2 }, exemplar(atMs, value))
  store.offer('m', { b: 2 }, exemplar(1, 1))
  store.offer('m', { c: 3 }, exemplar(1, 1))
  store.putBack('m', { b: 2 }, [exemplar(0, 3)])

  expect(store.take('m', { b: 2, a: 1 }).map(({ atMs, value }) => [atMs, value])).toEqual([[1, 5], [4, 6], [4, 9]]) // biome-ignore format: one line says it
  expect(store.take('m', { b: 2 }).map(({ atMs }) => atMs)).toEqual([0, 1])
  expect(store.take('m', { c: 3 })).toEqual([])
})

test('the serialiser changes nothing else, and sends what the SDK made when it cannot', async () => {
  const { histogram, provider, sent } = metering(0)
  for (let i = 0; i < 300; i++) histogram.record(i / 100, { outcome: `o${i % 3}` }, within(TraceFlags.SAMPLED))
  await provider.forceFlush()
  const metricsSent = sent[0] as ResourceMetrics
  const plain = ProtobufMetricsSerializer.serializeRequest(metricsSent) as Uint8Array
  const bytes = protobufWithExemplars(ProtobufMetricsSerializer).serializeRequest(metricsSent) as Uint8Array

  let exemplarCount = 0
  const decoded = (body: Uint8Array): string =>
    JSON.stringify(decodeRequest('metrics', 'protobuf', Buffer.from(body)), (key, value) => {
      if (key !== 'exemplars') return value
      exemplarCount += value.length
      return undefined
    })
  expect(decoded(bytes)).toBe(decoded(plain))
  expect(exemplarCount).toBe(300)
  const broken = { ...ProtobufMetricsSerializer, serializeRequest: () => Uint8Array.of(0x0a, 0xff) }
  expect(protobufWithExemplars(broken).serializeRequest(metricsSent)).toEqual(Uint8Array.of(0x0a, 0xff))
})

// The metric reader of a process, as the SDK would make it from the OTEL_* variables, with exemplars on what it sends.
import { ExportResultCode, getNumberFromEnv, getStringFromEnv, getStringListFromEnv } from '@opentelemetry/core'
import { OTLPMetricExporterBase } from '@opentelemetry/exporter-metrics-otlp-http'
import { convertLegacyHttpOptions, createOtlpHttpExportDelegate } from '@opentelemetry/otlp-exporter-base/node-http'
import {
  JsonMetricsSerializer,
  MetricsExporterMetricsHelper,
  ProtobufMetricsSerializer,
} from '@opentelemetry/otlp-transformer'
import {
  DataPointType,
  type MetricData,
  type MetricReader,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics'
import { type ExemplifiedPoint, jsonWithExemplars, protobufWithExemplars } from './exemplar-encoding.ts'
import type { Exemplars } from './exemplars.ts'

const encodings = {
  'http/json': { contentType: 'application/json', serializer: jsonWithExemplars(JsonMetricsSerializer) },
  'http/protobuf': {
    contentType: 'application/x-protobuf',
    serializer: protobufWithExemplars(ProtobufMetricsSerializer),
  },
} as const

/**
 * A reader that sends the exemplars of `store` along; for the options of NodeSDK. Empty when the environment asks for
 * something else than OTLP over HTTP: the SDK's own reader, without exemplars, is right then.
 */
export function metricReadersWithExemplars(store: Exemplars): { metricReaders?: MetricReader[] } {
  const exporters = getStringListFromEnv('OTEL_METRICS_EXPORTER') ?? []
  const protocol = variable('PROTOCOL')?.trim() || 'http/protobuf'
  if (exporters.some((name) => name !== 'otlp') || !isHttp(protocol)) return {}
  const { contentType, serializer } = encodings[protocol]
  // Endpoint, headers, compression, time-out, certificates and temporality: read from the environment in here.
  const options = convertLegacyHttpOptions({}, 'METRICS', 'v1/metrics', { 'Content-Type': contentType })
  const delegate = createOtlpHttpExportDelegate(
    options,
    serializer,
    'otlp_http_metric_exporter',
    MetricsExporterMetricsHelper,
    undefined,
  )
  const exporter = exportingExemplars(new OTLPMetricExporterBase(delegate), store)
  return { metricReaders: [new PeriodicExportingMetricReader({ exporter, ...timing() })] }
}

const isHttp = (protocol: string): protocol is keyof typeof encodings => Object.hasOwn(encodings, protocol)

const variable = (suffix: string): string | undefined =>
  getStringFromEnv(`OTEL_EXPORTER_OTLP_METRICS_${suffix}`) ?? getStringFromEnv(`OTEL_EXPORTER_OTLP_${suffix}`)

/** The SDK's defaults; like the SDK, a time-out longer than the interval is cut to it. */
function timing(): { exportIntervalMillis: number; exportTimeoutMillis: number } {
  const exportIntervalMillis = positive('OTEL_METRIC_EXPORT_INTERVAL') ?? 60_000
  const exportTimeoutMillis = Math.min(positive('OTEL_METRIC_EXPORT_TIMEOUT') ?? 30_000, exportIntervalMillis)
  return { exportIntervalMillis, exportTimeoutMillis }
}

function positive(name: string): number | undefined {
  const value = getNumberFromEnv(name)
  return value !== undefined && value > 0 ? value : undefined
}

/** The exporter, which takes each series' waiting exemplars along, and gives them back when that did not work. */
export function exportingExemplars(plain: Required<PushMetricExporter>, store: Exemplars): PushMetricExporter {
  return {
    export(metrics, done) {
      const exemplified = withTaken(metrics, store)
      plain.export(exemplified, (result) => {
        if (result.code !== ExportResultCode.SUCCESS) giveBack(exemplified, store)
        done(result)
      })
    },
    forceFlush: () => plain.forceFlush(),
    shutdown: () => plain.shutdown(),
    selectAggregation: (type) => plain.selectAggregation(type),
    selectAggregationTemporality: (type) => plain.selectAggregationTemporality(type),
  }
}

function withTaken({ resource, scopeMetrics }: ResourceMetrics, store: Exemplars): ResourceMetrics {
  const exemplified = (metric: MetricData): MetricData => {
    if (metric.dataPointType !== DataPointType.HISTOGRAM) return metric
    const pointOf = (point: ExemplifiedPoint): ExemplifiedPoint => {
      const exemplars = store.take(metric.descriptor.name, point.attributes)
      return exemplars.length === 0 ? point : { ...point, exemplars }
    }
    return { ...metric, dataPoints: metric.dataPoints.map(pointOf) }
  }
  return {
    resource,
    scopeMetrics: scopeMetrics.map((scope) => ({ ...scope, metrics: scope.metrics.map(exemplified) })),
  }
}

function giveBack({ scopeMetrics }: ResourceMetrics, store: Exemplars): void {
  for (const { descriptor, dataPoints } of scopeMetrics.flatMap(({ metrics }) => metrics))
    for (const { attributes, exemplars = [] } of dataPoints as ExemplifiedPoint[])
      if (exemplars.length > 0) store.putBack(descriptor.name, attributes, exemplars)
}

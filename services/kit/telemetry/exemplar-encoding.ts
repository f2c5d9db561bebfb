// Serialised metrics with exemplars in them. The SDK's serialisers leave the field out, so it is added to what they made:
// to the parsed JSON, and in protobuf by rewriting the messages on the way down to the data points concerned.
import type { ISerializer } from '@opentelemetry/otlp-transformer'
import type { DataPoint, Histogram, ResourceMetrics } from '@opentelemetry/sdk-metrics'
import type { Exemplar } from './exemplars.ts'
import { rewrite } from './protobuf.ts'

/** A data point with what exemplar-export.ts has put on it. */
export type ExemplifiedPoint = DataPoint<Histogram> & { exemplars?: readonly Exemplar[] }

type MetricsSerializer<R> = ISerializer<ResourceMetrics, R>

export const protobufWithExemplars = <R>(plain: MetricsSerializer<R>) => extended(plain, addToProtobuf)
export const jsonWithExemplars = <R>(plain: MetricsSerializer<R>) => extended(plain, addToJson)

/** Metrics without exemplars are worth more than none: whatever goes wrong, what the SDK made is sent. */
function extended<R>(plain: MetricsSerializer<R>, add: typeof addToProtobuf): MetricsSerializer<R> {
  return {
    deserializeResponse: (data) => plain.deserializeResponse(data),
    serializeRequest(metrics) {
      const bytes = plain.serializeRequest(metrics)
      try {
        return bytes === undefined || !hasExemplars(metrics) ? bytes : add(bytes, metrics)
      } catch {
        return bytes
      }
    },
  }
}

const hasExemplars = ({ scopeMetrics }: ResourceMetrics): boolean =>
  scopeMetrics.some(({ metrics }) => metrics.some(({ dataPoints }) => dataPoints.some((point) => 'exemplars' in point)))

/** Exemplars of a data point by its place in the request; both encodings keep the order of scopes, metrics and points. */
function exemplarsAt(metrics: ResourceMetrics, scope: number, metric: number, point: number): readonly Exemplar[] {
  const found = metrics.scopeMetrics[scope]?.metrics[metric]?.dataPoints[point] as ExemplifiedPoint | undefined
  return found?.exemplars ?? []
}

type JsonPoint = { exemplars?: unknown[] }
type JsonRequest = {
  resourceMetrics: { scopeMetrics: { metrics: { histogram?: { dataPoints: JsonPoint[] } }[] }[] }[]
}

function addToJson(bytes: Uint8Array, metrics: ResourceMetrics): Uint8Array {
  const request = JSON.parse(new TextDecoder().decode(bytes)) as JsonRequest
  for (const [s, scope] of (request.resourceMetrics[0]?.scopeMetrics ?? []).entries())
    for (const [m, metric] of scope.metrics.entries())
      for (const [p, point] of (metric.histogram?.dataPoints ?? []).entries()) {
        const exemplars = exemplarsAt(metrics, s, m, p)
        if (exemplars.length > 0) point.exemplars = exemplars.map(inJson)
      }
  return new TextEncoder().encode(JSON.stringify(request))
}

const inJson = ({ atMs, value, traceId, spanId }: Exemplar) => ({
  timeUnixNano: String(nanosOf(atMs)),
  asDouble: value,
  traceId,
  spanId,
})

// Field numbers: https://github.com/open-telemetry/opentelemetry-proto/blob/v1.7.0/opentelemetry/proto/metrics/v1/metrics.proto
const field = { resourceMetrics: 1, scopeMetrics: 2, metrics: 2, histogram: 9, dataPoints: 1, exemplars: 8 } as const

const addToProtobuf = (bytes: Uint8Array, metrics: ResourceMetrics): Uint8Array =>
  rewrite(bytes, field.resourceMetrics, (resource) =>
    rewrite(resource, field.scopeMetrics, (scope, s) =>
      rewrite(scope, field.metrics, (metric, m) =>
        rewrite(metric, field.histogram, (histogram) =>
          rewrite(histogram, field.dataPoints, (point, p) =>
            Buffer.concat([point, ...exemplarsAt(metrics, s, m, p).map(inProtobuf)]),
          ),
        ),
      ),
    ),
  )

/** Always 46 bytes: time (2, fixed64), value (3, double), span id (4, 8 bytes), trace id (5, 16 bytes). */
function inProtobuf({ atMs, value, traceId, spanId }: Exemplar): Uint8Array {
  const bytes = Buffer.alloc(48)
  bytes.set([(field.exemplars << 3) | 2, 46, (2 << 3) | 1], 0)
  bytes.writeBigUInt64LE(nanosOf(atMs), 3)
  bytes.writeUInt8((3 << 3) | 1, 11)
  bytes.writeDoubleLE(value, 12)
  bytes.set([(4 << 3) | 2, 8], 20)
  bytes.write(spanId, 22, 'hex')
  bytes.set([(5 << 3) | 2, 16], 30)
  bytes.write(traceId, 32, 'hex')
  return bytes
}

const nanosOf = (atMs: number): bigint => BigInt(Math.round(atMs)) * 1_000_000n

// Loaded second, by `--import`: starts OpenTelemetry. Services never import it. It knows OTLP and the standard OTEL_*
// variables, and no backend.
import type { IncomingMessage } from 'node:http'
import { getNodeAutoInstrumentations, type InstrumentationConfigMap } from '@opentelemetry/auto-instrumentations-node'
import { CompositePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'
import { envDetector, hostDetector, serviceInstanceIdDetector } from '@opentelemetry/resources'
import { type AggregationOption, AggregationType } from '@opentelemetry/sdk-metrics'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { AllowListedBaggagePropagator, copyingBaggage } from './baggage.ts'
import { namesConnections } from './connection.ts'
import { restoreErrorType } from './error-type.ts'
import { metricReadersWithExemplars } from './exemplar-export.ts'
import { exemplars } from './exemplars.ts'
import { attributes, metrics } from './names.ts'
import { peerOf } from './peer.ts'
import { headSampler } from './sampling.ts'
import { namesInOneLine, operationInOneLine } from './statements.ts'

const isProbe = (request: IncomingMessage) => request.url === '/healthz'

// Everything else of the meta package stays off: what it would add (a span per middleware, per file, per DNS look-up)
// hides the handful of spans that explain a checkout.
const instrumentations: InstrumentationConfigMap = {
  '@opentelemetry/instrumentation-http': {
    ignoreIncomingRequestHook: isProbe,
    applyCustomAttributesOnSpan: restoreErrorType,
    // The exporters post through node:http; their own requests must not show up in http.client.request.duration.
    ignoreOutgoingRequestHook: (options) => /^\/v1\/(traces|metrics|logs)$/.test(options.path ?? ''),
  },
  '@opentelemetry/instrumentation-undici': {
    requireParentforSpans: true,
    startSpanHook: () => peerAttributes(),
    requestHook: namesConnections(),
  },
  // Only for http.route: the layers themselves say nothing that the server span does not.
  '@opentelemetry/instrumentation-express': {
    ignoreLayers: [/./],
  },
  '@opentelemetry/instrumentation-pg': {
    requireParentSpan: true,
    addSqlCommenterCommentToQueries: true,
    requestHook: namesInOneLine,
  },
  '@opentelemetry/instrumentation-pino': {},
  '@opentelemetry/instrumentation-runtime-node': {},
}

const fine: AggregationOption = {
  type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
  options: { boundaries: [0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 1, 1.25, 1.5, 2, 3, 5, 10] },
}

// The package's own allow-list is this variable; without it all 43 instrumentations are constructed at start.
process.env.OTEL_NODE_ENABLED_INSTRUMENTATIONS ??= Object.keys(instrumentations)
  .map((name) => name.replace('@opentelemetry/instrumentation-', ''))
  .join(',')

const sdk = new NodeSDK({
  instrumentations: getNodeAutoInstrumentations(instrumentations),
  // Not the detectors of clouds: they look for metadata services that are not there. The environment wins.
  resourceDetectors: [serviceInstanceIdDetector, hostDetector, envDetector],
  textMapPropagator: new CompositePropagator({
    propagators: [new W3CTraceContextPropagator(), new AllowListedBaggagePropagator()],
  }),
  ...metricReadersWithExemplars(exemplars),
  // Every request is traced unless the service at the door chooses; who wants fewer samples in the Collector.
  sampler: copyingBaggage(headSampler),
  views: [
    // Around the SLO the usual buckets (250 ms, 500 ms, 750 ms) are too coarse to see a wall.
    ...[metrics.checkoutDuration, metrics.bankDuration].map((instrumentName) => ({
      instrumentName,
      aggregation: fine,
    })),
    { instrumentName: metrics.dbDuration, attributesProcessors: [operationInOneLine] },
    // 13 heap spaces × 4 would be most of a process's series.
    { instrumentName: 'v8js.memory.heap.space.*', aggregation: { type: AggregationType.DROP } },
    // Read too early and shared by all pools of a process; shop.db.pool.* are exact.
    { instrumentName: 'db.client.connection.*', aggregation: { type: AggregationType.DROP } },
    { instrumentName: 'v8js.resource.active', aggregation: { type: AggregationType.DROP } },
  ],
})
sdk.start()

// Services end by running out of work, never by process.exit(): what is still queued here is sent then.
process.once('beforeExit', () => {
  sdk.shutdown().catch(() => {
    // An endpoint that is gone must not turn a clean stop into a failure.
  })
})

function peerAttributes(): Record<string, string> {
  const peer = peerOf()
  return peer === undefined ? {} : { [attributes.peerService]: peer }
}

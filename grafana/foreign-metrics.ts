// Metrics that are not the shop's own, as Prometheus calls them: whoever emits them has named them. Together with names.ts
// this is the registry: a query that asks for anything else is a mistake, and `npm run dashboards -- --check` says so.

/** The Collector's span_metrics: every operation of every service, by span name and kind. */
export const spanMetrics = {
  calls: 'traces_spanmetrics_calls_total',
  duration: 'traces_spanmetrics_duration_seconds',
} as const

/** Its service_graph: who calls whom. Labels `client`, `server`, `connection_type`. */
export const graphMetrics = {
  requests: 'traces_service_graph_request_total',
  failed: 'traces_service_graph_request_failed_total',
  clientDuration: 'traces_service_graph_request_client_seconds',
  serverDuration: 'traces_service_graph_request_server_seconds',
} as const

/**
 * The Collector about itself. Its own page leaves out units and `_total`, other than what goes through OTLP. Those of `sendFailed…`
 * and `enqueueFailed…` exist only once something failed, those of a receiver once it got something, `sent…` once something left.
 */
export const collectorMetrics = {
  acceptedSpans: 'otelcol_receiver_accepted_spans',
  acceptedPoints: 'otelcol_receiver_accepted_metric_points',
  acceptedLines: 'otelcol_receiver_accepted_log_records',
  refusedSpans: 'otelcol_receiver_refused_spans',
  refusedPoints: 'otelcol_receiver_refused_metric_points',
  refusedLines: 'otelcol_receiver_refused_log_records',
  sentSpans: 'otelcol_exporter_sent_spans',
  sentPoints: 'otelcol_exporter_sent_metric_points',
  sentLines: 'otelcol_exporter_sent_log_records',
  sendFailedSpans: 'otelcol_exporter_send_failed_spans',
  sendFailedPoints: 'otelcol_exporter_send_failed_metric_points',
  sendFailedLines: 'otelcol_exporter_send_failed_log_records',
  enqueueFailedSpans: 'otelcol_exporter_enqueue_failed_spans',
  enqueueFailedPoints: 'otelcol_exporter_enqueue_failed_metric_points',
  enqueueFailedLines: 'otelcol_exporter_enqueue_failed_log_records',
  queueSize: 'otelcol_exporter_queue_size',
  queueCapacity: 'otelcol_exporter_queue_capacity',
  memory: 'otelcol_process_memory_rss',
  heap: 'otelcol_process_runtime_heap_alloc_bytes',
  uptime: 'otelcol_process_uptime',
} as const

/**
 * k6, by its OpenTelemetry output (`K6_OTEL_METRIC_PREFIX: k6_`). Labels `name` (the step), `status` (0 without an answer),
 * `method`, `expected_response`; `failed` counts all, by `condition` (`nonzero` is failed). `dropped` exists once one was.
 */
export const loadMetrics = {
  requests: 'k6_http_reqs_total',
  duration: 'k6_http_req_duration_milliseconds',
  failed: 'k6_http_req_failed_total',
  iterations: 'k6_iterations_total',
  iterationDuration: 'k6_iteration_duration_milliseconds',
  dropped: 'k6_dropped_iterations_total',
  users: 'k6_vus',
  usersMax: 'k6_vus_max',
} as const

/** Prometheus about what it fetches, and about its alerts. */
export const prometheusMetrics = { up: 'up', alerts: 'ALERTS' } as const

export const foreignMetrics: string[] = [
  spanMetrics,
  graphMetrics,
  collectorMetrics,
  loadMetrics,
  prometheusMetrics,
].flatMap((metrics) => Object.values(metrics))

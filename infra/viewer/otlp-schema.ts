// The part of opentelemetry-proto that the viewer reads, as `number type name` (* = repeated). Unknown fields are skipped.
import protobuf from 'protobufjs/light.js'

const trace = {
  TracesRequest: '1 ResourceSpans* resourceSpans',
  ResourceSpans: '1 Resource resource, 2 ScopeSpans* scopeSpans',
  ScopeSpans: '2 Span* spans',
  Span: `1 bytes traceId, 2 bytes spanId, 4 bytes parentSpanId, 5 string name, 6 int32 kind, 7 fixed64 startTimeUnixNano,
    8 fixed64 endTimeUnixNano, 9 KeyValue* attributes, 11 Event* events, 13 Link* links, 15 Status status`,
  Event: '1 fixed64 timeUnixNano, 2 string name, 3 KeyValue* attributes',
  Link: '1 bytes traceId, 2 bytes spanId, 4 KeyValue* attributes',
  Status: '2 string message, 3 int32 code',
}

const logs = {
  LogsRequest: '1 ResourceLogs* resourceLogs',
  ResourceLogs: '1 Resource resource, 2 ScopeLogs* scopeLogs',
  ScopeLogs: '2 LogRecord* logRecords',
  LogRecord: `1 fixed64 timeUnixNano, 2 int32 severityNumber, 3 string severityText, 5 AnyValue body, 6 KeyValue* attributes,
    9 bytes traceId, 10 bytes spanId, 11 fixed64 observedTimeUnixNano, 12 string eventName`,
}

const metrics = {
  MetricsRequest: '1 ResourceMetrics* resourceMetrics',
  ResourceMetrics: '1 Resource resource, 2 ScopeMetrics* scopeMetrics',
  ScopeMetrics: '2 Metric* metrics',
  Metric: `1 string name, 3 string unit, 5 Gauge gauge, 7 Sum sum, 9 Histogram histogram,
    10 ExponentialHistogram exponentialHistogram, 11 Summary summary`,
  Gauge: '1 NumberPoint* dataPoints',
  Sum: '1 NumberPoint* dataPoints, 2 int32 aggregationTemporality, 3 bool isMonotonic',
  Histogram: '1 HistogramPoint* dataPoints, 2 int32 aggregationTemporality',
  ExponentialHistogram: '1 ExponentialPoint* dataPoints, 2 int32 aggregationTemporality',
  Summary: '1 SummaryPoint* dataPoints',
  SummaryPoint: '3 fixed64 timeUnixNano',
  NumberPoint: `2 fixed64 startTimeUnixNano, 3 fixed64 timeUnixNano, 4 double asDouble, 5 Exemplar* exemplars,
    6 sfixed64 asInt, 7 KeyValue* attributes, 8 uint32 flags`,
  HistogramPoint: `2 fixed64 startTimeUnixNano, 3 fixed64 timeUnixNano, 4 fixed64 count, 5 double sum,
    6 fixed64* bucketCounts, 7 double* explicitBounds, 8 Exemplar* exemplars, 9 KeyValue* attributes, 10 uint32 flags`,
  ExponentialPoint: `1 KeyValue* attributes, 2 fixed64 startTimeUnixNano, 3 fixed64 timeUnixNano, 4 fixed64 count,
    5 double sum, 10 uint32 flags, 11 Exemplar* exemplars`,
  Exemplar: '2 fixed64 timeUnixNano, 3 double asDouble, 4 bytes spanId, 5 bytes traceId, 6 sfixed64 asInt',
}

const shared = {
  Resource: '1 KeyValue* attributes',
  KeyValue: '1 string key, 2 AnyValue value',
  AnyValue: `1 string stringValue, 2 bool boolValue, 3 int64 intValue, 4 double doubleValue, 5 ArrayValue arrayValue,
    6 KeyValueList kvlistValue, 7 bytes bytesValue`,
  ArrayValue: '1 AnyValue* values',
  KeyValueList: '1 KeyValue* values',
}

const answers = {
  Response: '1 PartialSuccess partialSuccess',
  PartialSuccess: '1 int64 rejected, 2 string errorMessage',
  RpcStatus: '1 int32 code, 2 string message',
}

const root = protobuf.Root.fromJSON({ nested: typesOf({ ...trace, ...logs, ...metrics, ...shared, ...answers }) })
root.resolveAll()

/** Decoders by OTLP signal, and the encoders of the two possible answers. */
export const messages = {
  traces: root.lookupType('TracesRequest'),
  metrics: root.lookupType('MetricsRequest'),
  logs: root.lookupType('LogsRequest'),
  response: root.lookupType('Response'),
  rpcStatus: root.lookupType('RpcStatus'),
}

function typesOf(tables: Record<string, string>): Record<string, protobuf.IType> {
  return Object.fromEntries(Object.entries(tables).map(([name, fields]) => [name, { fields: fieldsOf(fields) }]))
}

function fieldsOf(table: string): Record<string, protobuf.IField> {
  const rows = table.split(',').map((row) => row.trim().split(/\s+/))
  return Object.fromEntries(rows.map(([id, type = '', name = '']) => [name, fieldOf(Number(id), type)]))
}

/**
 * `proto3_optional` makes an absent field null instead of 0 or '', so that "not set" stays visible as in JSON.
 * Not for bytes: protobufjs 7.6 cannot set up a message with a null default for them. Absent bytes are an empty list.
 */
function fieldOf(id: number, type: string): protobuf.IField {
  if (type.endsWith('*')) return { id, type: type.slice(0, -1), rule: 'repeated' }
  return type === 'bytes' ? { id, type } : { id, type, options: { proto3_optional: true } }
}

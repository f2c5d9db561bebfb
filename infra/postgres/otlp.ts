// The little of OTLP that Postgres's telemetry needs, in its JSON form: log records and gauges of service `postgres`.

export type Values = Record<string, string | number | boolean | undefined>
export type Severity = 'info' | 'warn' | 'error' | 'fatal'

/** One log record. With ids it belongs to the trace of the statement it is about. */
export type LogRecord = {
  atMs: number
  severity: Severity
  body: string
  attributes: Values
  traceId?: string
  spanId?: string
}

/** One point of a gauge. */
export type GaugePoint = { metric: string; unit: string; atMs: number; value: number; attributes: Values }

const severityNumbers = { info: 9, warn: 13, error: 17, fatal: 21 } as const
const scope = { name: 'infra.postgres' }

/** Body of `POST /v1/logs`. */
export function logsRequest(resource: Values, records: LogRecord[]) {
  return {
    resourceLogs: [{ resource: asResource(resource), scopeLogs: [{ scope, logRecords: records.map(logRecord) }] }],
  }
}

/** Body of `POST /v1/metrics`. */
export function metricsRequest(resource: Values, points: GaugePoint[]) {
  const metrics = Object.values(Object.groupBy(points, ({ metric }) => metric)).map((ofOne = []) => ({
    name: ofOne[0]?.metric,
    unit: ofOne[0]?.unit,
    gauge: {
      dataPoints: ofOne.map(({ atMs, value, attributes }) => ({
        timeUnixNano: nanos(atMs),
        asDouble: value,
        attributes: keyValues(attributes),
      })),
    },
  }))
  return { resourceMetrics: [{ resource: asResource(resource), scopeMetrics: [{ scope, metrics }] }] }
}

function logRecord({ atMs, severity, body, attributes, traceId, spanId }: LogRecord) {
  return {
    timeUnixNano: nanos(atMs),
    observedTimeUnixNano: nanos(Date.now()),
    severityNumber: severityNumbers[severity],
    severityText: severity,
    body: { stringValue: body },
    attributes: keyValues(attributes),
    ...(traceId !== undefined && spanId !== undefined ? { traceId, spanId, flags: 1 } : {}),
  }
}

const asResource = (values: Values) => ({ attributes: keyValues(values) })

/** Nanoseconds since 1970 do not fit a double, so they travel as text. */
const nanos = (ms: number) => String(BigInt(Math.round(ms * 1_000)) * 1_000n)

function keyValues(values: Values) {
  return Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: anyValue(value) }],
  )
}

function anyValue(value: string | number | boolean) {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}

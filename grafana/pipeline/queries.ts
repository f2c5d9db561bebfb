// What is asked about the telemetry itself, in PromQL and LogQL.
import { attributes, metrics, spans } from '../../services/kit/telemetry/names.ts'
import { prometheusName, selector, underscored } from '../../services/kit/telemetry/prometheus-names.ts'
import { answers as answersOfApi, ofCheckouts } from '../checkout/queries.ts'
import { collectorMetrics, prometheusMetrics, spanMetrics } from '../foreign-metrics.ts'
import { largest, overall, risen, summedRate } from '../vectors.ts'

/** The three kinds of telemetry, as the Collector counts them. */
export const kinds = ['spans', 'points', 'lines'] as const
export type Kind = (typeof kinds)[number]

type Counters = Record<Kind, string>
const collector = collectorMetrics
const accepted: Counters = {
  spans: collector.acceptedSpans,
  points: collector.acceptedPoints,
  lines: collector.acceptedLines,
}
const sent: Counters = { spans: collector.sentSpans, points: collector.sentPoints, lines: collector.sentLines }
const refused: Counters = {
  spans: collector.refusedSpans,
  points: collector.refusedPoints,
  lines: collector.refusedLines,
}
const sendFailed: Counters = {
  spans: collector.sendFailedSpans,
  points: collector.sendFailedPoints,
  lines: collector.sendFailedLines,
}
const enqueueFailed: Counters = {
  spans: collector.enqueueFailedSpans,
  points: collector.enqueueFailedPoints,
  lines: collector.enqueueFailedLines,
}

export const acceptedRate = (kind: Kind): string => summedRate(accepted[kind])
// `or`: after a start with its backend away, nothing was sent yet.
export const sentRate = (kind: Kind): string => `${summedRate(sent[kind])} or vector(0)`

const all = (counters: Counters, range: string) => kinds.map((kind) => risen(counters[kind], range)).join(' + ')
export const refusals = (range: string): string => all(refused, range)
export const rejections = (range: string): string => all(sendFailed, range)
export const overflows = (range: string): string => all(enqueueFailed, range)

export const answers = `avg(avg_over_time(${prometheusMetrics.up}${selector({ job: 'collector' })}[${overall}]))`
export const queued = `max by (exporter) (${largest(collector.queueSize)})`
export const fullestQueue = `max(${largest(collector.queueSize, {}, overall)} / ${collector.queueCapacity})`
export const heap = `max(${largest(collector.heap)})`
export const memory = `max(${largest(collector.memory)})`

// Kept: api counts every checkout, and the Collector makes a count of the spans that it gets.

const traced = { 'service.name': 'api', span_kind: 'SPAN_KIND_SERVER', span_name: spans.checkout }

export const tracedShare = (range: string): string =>
  `${summedRate(spanMetrics.calls, traced, range)} / ${summedRate(`${answersOfApi}_count`, ofCheckouts, range)}`
export const forwardedShare = (range: string): string =>
  `(${summedRate(collector.sentSpans, {}, range)} or vector(0)) / ${summedRate(collector.acceptedSpans, {}, range)}`

// Arrived: every process measures its event loop whenever it exports.

const everyExport = prometheusName(metrics.eventLoopUtilization)
const instance = underscored(attributes.instance)
export const ageOfNewest = `max(time() - timestamp(${everyExport}))`
export const pointsByInstance = `sum by (${instance}) (count_over_time(${everyExport}[1m]))`
export const allLines = '{service_name=~".+"}'
export const linesByService = `sum by (service_name) (rate(${allLines}[1m]))`

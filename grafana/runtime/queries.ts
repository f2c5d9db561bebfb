// What is asked about the processes, in PromQL and TraceQL. `$service` are the services chosen on the dashboard.

import { slo } from '../../services/kit/slo.ts'
import { attributes, metrics } from '../../services/kit/telemetry/names.ts'
import { prometheusName, selector, underscored } from '../../services/kit/telemetry/prometheus-names.ts'

export const service = underscored('service.name')
export const instance = underscored(attributes.instance)
export const kind = underscored('v8js.gc.type')

type Labels = Record<string, string>
const recently = '$__rate_interval'
const overall = '$__range'
const chosen: Labels = { 'service.name': '=~$service' }
const perProcess = [service, instance]

const by = (labels: readonly string[], vector: string, sum: 'sum' | 'max' = 'sum') =>
  `${sum} by (${labels.join(', ')}) (${vector})`
const rate = (series: string, range: string, labels: Labels = {}) =>
  `rate(${series}${selector({ ...chosen, ...labels })}[${range}])`
// These gauges hold the worst, or the average, since the last export: of several, the worst is what happened.
const worst = (gauge: string, range: string) =>
  by(perProcess, `max_over_time(${gauge}${selector(chosen)}[${range}])`, 'max')

const delayMax = prometheusName(metrics.eventLoopDelayMax)
const utilisation = prometheusName(metrics.eventLoopUtilization)
const loopTime = prometheusName(metrics.eventLoopTime)
const collecting = prometheusName(metrics.gcDuration)
const heap = prometheusName(metrics.heapUsed)

export const standstill = worst(delayMax, recently)
export const delayP99 = worst(prometheusName(metrics.eventLoopDelayP99), recently)
export const busiest = worst(utilisation, recently)
export const requests = by(perProcess, rate(`${prometheusName(metrics.httpServerDuration)}_count`, recently))

/** The share of its time that the process which spends most spends with each kind of collection. */
export const collectingByKind = by([kind], by([...perProcess, kind], rate(`${collecting}_sum`, recently)), 'max')
/** The bucket that the longest pause falls into: it was no longer than this. */
const longestPauseIn = (range: string) =>
  `histogram_quantile(1, ${by(['le', ...perProcess], rate(`${collecting}_bucket`, range))})`
export const longestPause = longestPauseIn(recently)

const used = by(perProcess, `${heap}${selector(chosen)}`)
export const heapUsed = used
/** What a collection leaves over. A minute has several of them. */
export const heapLeft = `min_over_time(${used}[1m:5s])`

// Over the whole time range, for the table.
export const longestStandstill = worst(delayMax, overall)
export const busiestMoment = worst(utilisation, overall)
export const busyOnAverage = by(perProcess, rate(loopTime, overall, { 'nodejs.eventloop.state': 'active' }))
export const collectingOverall = by(perProcess, rate(`${collecting}_sum`, overall))
export const longestPauseOverall = longestPauseIn(overall)
export const largestHeap = `max_over_time(${used}[${overall}:5s])`

/** Requests that took half of what a whole checkout may: a standstill is in all that were under way. */
export const slowAnswers = `{ resource.service.instance.id = "$\{__field.labels.${instance}}" && kind = server && duration > ${slo.thresholdMs / 2}ms } with (most_recent=true)`

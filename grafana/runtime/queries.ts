// What is asked about the processes, in PromQL. `$service` are the services chosen on the dashboard.
import { attributes, metrics } from '../../services/kit/telemetry/names.ts'
import { prometheusName, selector, underscored } from '../../services/kit/telemetry/prometheus-names.ts'
import { type Labels, largest, maxBy, overall, quantile, rate, recently, sumBy } from '../vectors.ts'

export const service = underscored('service.name')
export const instance = underscored(attributes.instance)
export const kind = underscored('v8js.gc.type')

const chosen: Labels = { 'service.name': '=~$service' }
const perProcess = [service, instance]

// These gauges hold the worst, or the average, since the last export: of several, the worst is what happened.
const worst = (gauge: string, range: string) => maxBy(perProcess, largest(gauge, chosen, range))

const delayMax = prometheusName(metrics.eventLoopDelayMax)
const utilisation = prometheusName(metrics.eventLoopUtilization)
const loopTime = prometheusName(metrics.eventLoopTime)
const collecting = prometheusName(metrics.gcDuration)
const heap = prometheusName(metrics.heapUsed)

export const standstill = worst(delayMax, recently)
export const delayP99 = worst(prometheusName(metrics.eventLoopDelayP99), recently)
export const busiest = worst(utilisation, recently)
export const requests = sumBy(perProcess, rate(`${prometheusName(metrics.httpServerDuration)}_count`, chosen))

/** The share of its time that the process which spends most spends with each kind of collection. */
export const collectingByKind = maxBy([kind], sumBy([...perProcess, kind], rate(`${collecting}_sum`, chosen)))
/** The bucket that the longest pause falls into: it was no longer than this. */
const longestPauseIn = (range: string) => quantile(1, perProcess, collecting, chosen, range)
export const longestPause = longestPauseIn(recently)

const used = sumBy(perProcess, `${heap}${selector(chosen)}`)
export const heapUsed = used
/** What a collection leaves over. A minute has several of them. */
export const heapLeft = `min_over_time(${used}[1m:5s])`

// Over the whole time range, for the table.
export const longestStandstill = worst(delayMax, overall)
export const busiestMoment = worst(utilisation, overall)
export const busyOnAverage = sumBy(
  perProcess,
  rate(loopTime, { ...chosen, 'nodejs.eventloop.state': 'active' }, overall),
)
export const collectingOverall = sumBy(perProcess, rate(`${collecting}_sum`, chosen, overall))
export const longestPauseOverall = longestPauseIn(overall)
export const largestHeap = `max_over_time(${used}[${overall}:5s])`

// What is asked about checkouts, in PromQL, TraceQL and LogQL. Names come from the one list, the limit from the one SLO.
import { slo } from '../../services/kit/slo.ts'
import { attributes, metrics, spans } from '../../services/kit/telemetry/names.ts'
import { prometheusName, selector, underscored } from '../../services/kit/telemetry/prometheus-names.ts'
import { prometheusMetrics } from '../foreign-metrics.ts'

const duration = prometheusName(metrics.checkoutDuration)
const answers = prometheusName(metrics.httpServerDuration)
const [method, route] = spans.checkout.split(' ') as [string, string]
/** The server spans of `POST /api/checkout` by the status of their answer, the service's own histogram of them. */
const answered = { 'service.name': 'api', 'http.request.method': method, 'http.route': route }
const failed = '=~5..'
const within = { le: String(slo.thresholdMs / 1000) }
const status = 'http.response.status_code'

const increase = (series: string, matchers: Record<string, string>, range: string) =>
  `sum(increase(${answers}_${series}${selector({ ...answered, ...matchers })}[${range}]))`

// `or`: when all of them fail there is no series of good ones. `> 0`: without checkouts there is no share, rather than 0/0.
const good = (range: string) => `(${increase('bucket', { ...within, [status]: '!~5..' }, range)} or vector(0))`
const all = (range: string) => `(${increase('count', {}, range)} > 0)`

/** The share of checkouts that did not fail and were within the objective's limit. */
export const goodShare = (range: string): string => `${good(range)} / ${all(range)}`

/** How many failed or took longer. */
export const badCount = (range: string): string => `${all(range)} - ${good(range)}`

export const slowShare = `1 - ${increase('bucket', within, '$__range')} / ${all('$__range')}`

// `or`: a series of failed answers exists only once there was one.
export const failedShare = `(${increase('count', { [status]: failed }, '$__range')} or vector(0)) / ${all('$__range')}`

/** 1 spends exactly what the objective allows; 10 spends it ten times as fast. */
export const burnRate = (range: string): string => `(1 - ${goodShare(range)}) / ${round(1 - slo.objective)}`

export const rate = `sum(rate(${duration}_count[$__rate_interval]))`

export const rateByOutcome = `sum by (${underscored(attributes.outcome)}) (rate(${duration}_count[$__rate_interval]))`

export const quantile = (q: number): string =>
  `histogram_quantile(${q}, sum by (le) (rate(${duration}_bucket[$__rate_interval])))`

export const bucketIncrease = `sum by (le) (increase(${duration}_bucket[$__rate_interval]))`

const waiting = prometheusName(metrics.dbSessionsWaiting)
/** The most at one moment, not the sum of what each series had at its own worst one. */
export const waitingSessions = `max_over_time((sum by (postgresql_user, ${underscored(attributes.waitEventType)}) (${waiting}))[$__rate_interval:1s])`
export const mostWaiting = `max_over_time(sum(${waiting})[$__range:1s])`

/** The newest checkouts that took longer: a duration as TraceQL writes it, or a variable of the dashboard that holds one. */
export const checkoutsOver = (duration: string) =>
  `{ resource.service.name = "api" && name = "${spans.checkout}" && kind = server && duration > ${duration} } with (most_recent=true)`

/** Warnings and worse of everything, and what Postgres says about waits, which it calls `LOG`. */
export const notableLines = `{service_name=~".+"} | severity_text=~"warn|error|fatal" or ${underscored(attributes.waitMs)}!="" | line_format "{{.service_name}}: {{__line__}}"`

// 1 − 0.99 is not quite 0.01 for a computer.
const round = (value: number): number => Number(value.toPrecision(6))

/** Alerts that look back for minutes, with the name of their runbook; in a young lab those over hours know nothing more. */
export const firing = `max by (alertname, severity, window, runbook) (label_replace(${prometheusMetrics.alerts}{alertstate="firing", window="workshop"}, "runbook", "$1", "alertname", "(.*?)([0-9]+[mh])?"))`

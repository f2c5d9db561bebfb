// What is asked about checkouts, in PromQL, TraceQL and LogQL. Names come from the one list, the limit from the one SLO.
import { errorBudget, slo } from '../../services/kit/slo.ts'
import { attributes, metrics, spans } from '../../services/kit/telemetry/names.ts'
import { prometheusName, selector, underscored } from '../../services/kit/telemetry/prometheus-names.ts'
import { recordedSessions, role } from '../alerts/sessions.ts'
import { prometheusMetrics } from '../foreign-metrics.ts'
import {
  begun,
  failedShareBy,
  type Labels,
  largest,
  overall,
  quantile,
  rate,
  sinceLastPoint,
  sumBy,
  summedRate,
} from '../vectors.ts'

const duration = prometheusName(metrics.checkoutDuration)
const [method, route] = spans.checkout.split(' ') as [string, string]
/** The server spans of `POST /api/checkout` by the status of their answer, the service's own histogram of them. */
export const answers = prometheusName(metrics.httpServerDuration)
export const ofCheckouts: Labels = { 'service.name': 'api', 'http.request.method': method, 'http.route': route }
const failed = '=~5..'
const within = { le: String(slo.thresholdMs / 1000) }

const counter = (series: string, matchers: Labels = {}) =>
  `${answers}_${series}${selector({ ...ofCheckouts, ...matchers })}`
const increase = (series: string, matchers: Labels, range: string) =>
  `sum(increase(${counter(series, matchers)}[${range}]))`

const failures = counter('count', { [attributes.status]: failed })
const everyAnswer = { all: counter('count'), by: [attributes.instance] }
// What good ones begin with is missing from the good ones and from all of them alike, which makes no difference to a share.
const firstFailed = (range: string) => `(sum(${begun(failures, range, everyAnswer)}) or vector(0))`

// `or`: when all of them fail there is no series of good ones. `> 0`: without checkouts there is no share, rather than 0/0.
const good = (range: string) =>
  `(${increase('bucket', { ...within, [attributes.status]: '!~5..' }, range)} or vector(0))`
const all = (range: string) => `(${increase('count', {}, range)} + ${firstFailed(range)} > 0)`

/** The share of checkouts that did not fail and were within the objective's limit. */
export const goodShare = (range: string): string => `${good(range)} / ${all(range)}`

/** How many failed or took longer. */
export const badCount = (range: string): string => `${all(range)} - ${good(range)}`

// Fast ones that failed count here, on both sides without what they began with.
export const slowShare = `1 - ${increase('bucket', within, overall)} / (${increase('count', {}, overall)} > 0)`

export const failedShare = failedShareBy([], { failed: failures, ...everyAnswer }, overall)

/** 1 spends exactly what the objective allows; 10 spends it ten times as fast. */
export const burnRate = (range: string): string => `(1 - ${goodShare(range)}) / ${errorBudget}`

export const checkoutRate = summedRate(`${duration}_count`)

export const rateByOutcome = sumBy([attributes.outcome], rate(`${duration}_count`))

export const durationQuantile = (q: number): string => quantile(q, [], duration)

/** Cells lie side by side, so that each checkout is in one of them: see `buckets` for how wide one has to be. */
export const bucketIncrease = `sum by (le) (increase(${duration}_bucket[${sinceLastPoint}]))`

export const waitingSessions = largest(recordedSessions.waitingByType)
export const mostSessionsWaiting = `max(${largest(recordedSessions.waiting, {}, overall)})`

/** The newest checkouts that took longer: a duration as TraceQL writes it, or a variable of the dashboard that holds one. */
export const checkoutsOver = (duration: string) =>
  `{ resource.service.name = "api" && name = "${spans.checkout}" && kind = server && duration > ${duration} } with (most_recent=true)`

/** Warnings and worse of everything, and what Postgres says about waits, which it calls `LOG`. */
export const notableLines = `{service_name=~".+"} | severity_text=~"warn|error|fatal" or ${underscored(attributes.waitMs)}!="" | line_format "{{.service_name}}: {{__line__}}"`

/** What an alert can be about. Of several that it has the last one says it best: a Collector's queue, not the Collector. */
export const subjects = [
  'job',
  'service.name',
  attributes.instance,
  role,
  attributes.consumer,
  'exporter',
  'receiver',
].map(underscored)

const workshopAlerts = `${prometheusMetrics.alerts}{alertstate="firing", window="workshop"}`
const withSubject = subjects.reduce(
  (vector, label) => `label_replace(${vector}, "whose", "$1", "${label}", "(.+)")`,
  workshopAlerts,
)

/**
 * Alerts that look back for minutes, by whom they are about, with the name of their runbook; in a young lab those over hours
 * know nothing more.
 */
export const firing = `max by (alertname, whose, severity, window, runbook) (label_replace(${withSubject}, "runbook", "$1", "alertname", "(.*?)([0-9]+[mh])?"))`

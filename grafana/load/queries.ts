// What is asked about the load, in PromQL: k6 is the users, api's own histogram is the server. Both have the same buckets.
import { slo } from '../../services/kit/slo.ts'
import { attributes } from '../../services/kit/telemetry/names.ts'
import { selector, underscored } from '../../services/kit/telemetry/prometheus-names.ts'
import { answers, ofCheckouts } from '../checkout/queries.ts'
import { loadMetrics } from '../foreign-metrics.ts'
import {
  failedShareBy,
  type Labels,
  largest,
  overall,
  quantile,
  rate,
  recently,
  risen,
  sumBy,
  summedRate,
} from '../vectors.ts'

// Users: loadtest/journeys.ts names the steps. k6 also talks to the workshop, which is none of the shop's.

const ofShop: Labels = { name: '!=bookkeeping' }
const ofUsers: Labels = { name: 'checkout' }
const millisecondsPerSecond = 1000

export const arrivals = summedRate(loadMetrics.iterations)
export const leftOut = (range: string): string => risen(loadMetrics.dropped, range)
export const usersBusy = `max(${largest(loadMetrics.users)})`
export const usersMade = `max(${loadMetrics.usersMax})`
export const sentByStep = sumBy(['name'], rate(loadMetrics.requests, ofShop))
export const checkoutsByStatus = sumBy(['status'], rate(loadMetrics.requests, ofUsers))

// The server.

export const routeLabels = ['http.request.method', 'http.route'].map(underscored)
export const answeredByRoute = sumBy(routeLabels, rate(`${answers}_count`, { 'service.name': 'api' }))

// Both, side by side.

export const quantileOfUsers = (q: number): string =>
  `${quantile(q, [], loadMetrics.duration, ofUsers)} / ${millisecondsPerSecond}`
export const quantileOfServer = (q: number): string => quantile(q, [], answers, ofCheckouts)

const mean = (histogram: string, labels: Labels, range: string) =>
  `${summedRate(`${histogram}_sum`, labels, range)} / ${summedRate(`${histogram}_count`, labels, range)}`
/** In seconds. Means are exact, whatever the buckets. */
export const unseen = (range: string): string =>
  `${mean(loadMetrics.duration, ofUsers, range)} / ${millisecondsPerSecond} - ${mean(answers, ofCheckouts, range)}`

/** A bucket ends at the objective's limit, so this share is exact as well. */
export const slowShareOfUsers = `1 - ${summedRate(`${loadMetrics.duration}_bucket`, { ...ofUsers, le: String(slo.thresholdMs) }, overall)} / ${summedRate(`${loadMetrics.duration}_count`, ofUsers, overall)}`

const share = (counter: string, labels: Labels, failed: Labels, by: readonly string[]) => {
  const of = (more: Labels = {}) => counter + selector({ ...labels, ...more })
  return failedShareBy([], { failed: of(failed), all: of(), by }, recently)
}
export const failedShareOfUsers = share(loadMetrics.requests, ofUsers, { status: '=~0|5..' }, ['name'])
export const failedShareOfServer = share(`${answers}_count`, ofCheckouts, { [attributes.status]: '=~5..' }, [
  attributes.instance,
])

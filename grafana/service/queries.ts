// What is asked about a service, in PromQL and TraceQL. `$service` and `$instance` are the dashboard's variables.
import { slo } from '../../services/kit/slo.ts'
import { attributes, metrics, serviceNames, spans } from '../../services/kit/telemetry/names.ts'
import { prometheusName, selector, underscored } from '../../services/kit/telemetry/prometheus-names.ts'
import { graphMetrics, spanMetrics } from '../foreign-metrics.ts'
import { failedShareBy, type Labels, largest, maxBy, overall, quantile, rate, sumBy, summedRate } from '../vectors.ts'

const answers = prometheusName(metrics.httpServerDuration)
export const service = underscored('service.name')
export const instance = underscored(attributes.instance)
export const spanName = 'span_name'

const chosen: Labels = { 'service.name': '$service', [attributes.instance]: '=~$instance' }

const failed: Labels = { [attributes.status]: '=~5..' }

// All services, over the whole time range.

export const rateByService = sumBy([service], rate(`${answers}_count`, {}, overall))
export const failedByService = failedShareBy(
  [service],
  { failed: `${answers}_count${selector(failed)}`, all: `${answers}_count`, by: [instance] },
  overall,
)
export const quantileByService = (q: number): string => quantile(q, [service], answers, {}, overall)

// A job in the queue is waited for by nobody.
const notQueued: Labels = { connection_type: '!=messaging_system' }
const toBeAnswered: Labels = { client: `=~${serviceNames.join('|')}`, ...notQueued }
const answerOf = quantile(0.99, ['client', 'server'], graphMetrics.clientDuration, toBeAnswered, overall)
/** Of those that a service calls, the one that takes longest, with its p99. */
export const slowestCallee = sumBy(
  [service, 'server'],
  `topk by (${service}) (1, label_replace(${answerOf}, "${service}", "$1", "client", "(.+)"))`,
)

export const longestStandstill = maxBy([service], largest(prometheusName(metrics.eventLoopDelayMax), {}, overall))
export const mostWaiting = maxBy([service], largest(prometheusName(metrics.poolWaiting), {}, overall))

// Where the time of one service goes.

const ofService: Labels = { 'service.name': '$service' }
const serving: Labels = { ...ofService, span_kind: 'SPAN_KIND_SERVER' }
const working: Labels = { ...ofService, span_kind: '=~SPAN_KIND_(CLIENT|INTERNAL)' }
const connecting: Labels = { ...ofService, [spanName]: spans.poolConnect }

export const ownAnswers = quantile(0.99, [], spanMetrics.duration, serving)
export const neighbours = quantile(0.99, ['server'], graphMetrics.clientDuration, { client: '$service', ...notQueued })
export const connection = quantile(0.99, [], spanMetrics.duration, connecting)
export const steps = quantile(0.99, [spanName], spanMetrics.duration, working)

const asked: Labels = { server: '$service', ...notQueued }
export const asItSays = quantile(0.95, [], graphMetrics.serverDuration, asked)
const measured = (client: string) => ({ ...asked, client })
/** As those measure it who call. Whoever sends no spans is called `user`; the service's own word stands in for theirs. */
export const asCallersSay = [
  quantile(0.95, ['client'], graphMetrics.clientDuration, measured('!=user')),
  quantile(0.95, ['client'], graphMetrics.serverDuration, measured('user')),
].join(' or ')

// Routes, instances, callers.

const route = [underscored('http.request.method'), underscored('http.route')]

export const quantileByRoute = (q: number): string => quantile(q, route, answers, chosen)
export const quantileByInstance = (q: number): string => quantile(q, [instance], answers, chosen)
export const rateByRoute = sumBy(route, rate(`${answers}_count`, chosen))
export const rateByInstance = sumBy([instance], rate(`${answers}_count`, chosen))
export const failedRate = `${summedRate(`${answers}_count`, { ...chosen, ...failed })} or vector(0)`
// For Explore, where `$instance` would not be put in as a pattern.
export const failedByRoute = sumBy(
  [...route, instance, underscored(attributes.status)],
  rate(`${answers}_count`, { ...ofService, ...failed }),
)
export const rateByCaller = sumBy(['client', 'connection_type'], rate(graphMetrics.requests, { server: '$service' }))

// What it needs: connections, its event loop, the others.

const poolState = underscored(attributes.poolState)

export const waitingForConnection = sumBy([instance], largest(prometheusName(metrics.poolWaiting), chosen))
export const connectionsByState = sumBy([instance, poolState], largest(prometheusName(metrics.poolConnections), chosen))

export const loopDelayMax = maxBy([instance], largest(prometheusName(metrics.eventLoopDelayMax), chosen))
export const loopDelayP99 = maxBy([instance], largest(prometheusName(metrics.eventLoopDelayP99), chosen))

const address = ['server.address', 'server.port'].map(underscored)
const calls = prometheusName(metrics.httpClientDuration)
export const callsByAnswer = sumBy([...address, underscored(attributes.status)], rate(`${calls}_count`, chosen))
export const callsByAddress = quantile(0.99, [instance, ...address], calls, ofService)

// One by one.

/** A call that takes half of what a whole checkout may is worth a look. */
export const slowCallMs = slo.thresholdMs / 2
const slow = `duration > ${slowCallMs}ms`

/** The name tells a statement from a wait for a connection, the local port one kept-alive connection from another. */
export const slowCalls = `{ resource.service.name = "$service" && resource.service.instance.id =~ "$\{instance:pipe}" && kind = client && ${slow} } | select(name, span.${attributes.peerService}, span.${attributes.localPort}, resource.${attributes.instance}) with (most_recent=true)`
export const slowStep = `{ resource.service.name = "$service" && name = "$\{__field.labels.${spanName}}" && ${slow} } with (most_recent=true)`
/** A standstill is in all those of an instance that were under way. */
export const slowAnswers = `{ resource.service.instance.id = "$\{__field.labels.${instance}}" && kind = server && ${slow} } with (most_recent=true)`
export const complaints = '{service_name="$service"} | severity_text=~"warn|error|fatal"'

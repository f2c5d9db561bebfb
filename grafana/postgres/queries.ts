// What is asked about the database, in PromQL, LogQL and TraceQL. `$service` is the dashboard's variable: the roles in Postgres
// are called like the services that use them.
import { toldAfterMs } from '../../services/kit/limits.ts'
import { attributes, metrics, spans } from '../../services/kit/telemetry/names.ts'
import { prometheusName, selector, underscored } from '../../services/kit/telemetry/prometheus-names.ts'
import { recordedSessions, role } from '../alerts/sessions.ts'
import { spanMetrics } from '../foreign-metrics.ts'
import { type Labels, largest, maxBy, overall, quantile, recently, sumBy } from '../vectors.ts'

const byRole: Labels = { [role]: '=~$service' }
const byService: Labels = { 'service.name': '=~$service' }

// --- sessions --------------------------------------------------------------------------------------------------------

/** As recorded: chosen together, all services are among them without a role, since `.*` is also a label that is not there. */
const most = (recorded: string, range: string = recently) => largest(recorded, byRole, range)
const { waitEventType } = attributes

export const mostSessionsWaiting = `max(${most(recordedSessions.waiting, overall)})`
export const mostWorking = `max(${most(recordedSessions.working, overall)})`
export const mostOpen = `max(${most(recordedSessions.open, overall)})`

export const waitingByRole = most(recordedSessions.waitingByEvent)
export const sessionsByState = most(recordedSessions.byState)
export const workByEvent = maxBy([waitEventType], most(recordedSessions.activeByType))

// --- connections -----------------------------------------------------------------------------------------------------

const connections = prometheusName(metrics.poolConnections)
const requests = prometheusName(metrics.poolWaiting)
const instance = ['service.name', attributes.instance]

export const mostRequestsWaiting = `max(${largest(requests, byService, overall)})`
/** The worst of each: most in use, fewest to spare. */
export const connectionsUsed = sumBy(instance, largest(connections, { ...byService, [attributes.poolState]: 'used' }))
export const connectionsIdle = sumBy(
  instance,
  `min_over_time(${connections}${selector({ ...byService, [attributes.poolState]: 'idle' })}[${recently}])`,
)
export const requestsWaiting = sumBy(instance, largest(requests, byService))

const connecting: Labels = { ...byService, span_name: spans.poolConnect }
export const connectQuantile = quantile(0.99, ['service.name'], spanMetrics.duration, connecting)
export const slowConnects = `{ resource.service.name =~ "$service" && name = "${spans.poolConnect}" && duration > ${toldAfterMs}ms } with (most_recent=true)`

// --- statements and lines --------------------------------------------------------------------------------------------

const statement = ['service.name', 'db.operation.name']
export const statementQuantile = quantile(0.99, statement, prometheusName(metrics.dbDuration), byService)

const duration = 'postgresql_duration_ms'
const ofPostgres = `{service_name="postgres"} | ${underscored(role)}=~"$service"`
export const slowStatements = `${ofPostgres} | ${duration}!="" | line_format "{{.${underscored(role)}}}, {{.${duration}}} ms: {{.db_query_text}}"`
/** What is sampled every quarter of a second, and what Postgres itself says about locks. */
export const waits = `${ofPostgres} | ${underscored(attributes.waitMs)}!=""`

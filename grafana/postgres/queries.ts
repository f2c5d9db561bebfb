// What is asked about the database, in PromQL, LogQL and TraceQL. `$service` is the dashboard's variable: the roles in Postgres
// are called like the services that use them.
import { attributes, metrics, spans } from '../../services/kit/telemetry/names.ts'
import { prometheusName, selector, underscored } from '../../services/kit/telemetry/prometheus-names.ts'
import { spanMetrics } from '../foreign-metrics.ts'

/** Postgres logs a statement that took this long, and a service says so when it waited this long for a connection. */
export const toldAfterMs = 200

type Labels = Record<string, string>
const role = 'postgresql.user'
const byRole: Labels = { [role]: '=~$service' }
const byService: Labels = { 'service.name': '=~$service' }
const recently = '$__rate_interval'
const overall = '$__range'

const sumBy = (by: readonly string[], vector: string) => `sum by (${by.map(underscored).join(', ')}) (${vector})`
/** The most at one moment: a sum of what each series had at its own worst moment would be more than ever was there. */
const mostAtOnce = (vector: string, range: string) => `max_over_time((${vector})[${range}:1s])`
const quantile = (q: number, by: readonly string[], histogram: string, labels: Labels) =>
  `histogram_quantile(${q}, ${sumBy(['le', ...by], `rate(${histogram}_bucket${selector(labels)}[${recently}])`)})`

// --- sessions --------------------------------------------------------------------------------------------------------

const sessions = (labels: Labels) => `${prometheusName(metrics.dbSessions)}${selector({ ...byRole, ...labels })}`
const waiting = `${prometheusName(metrics.dbSessionsWaiting)}${selector(byRole)}`
const { sessionState, waitEvent, waitEventType } = attributes
const working: Labels = { [sessionState]: 'active' }

export const mostWaiting = mostAtOnce(`sum(${waiting})`, overall)
export const mostWorking = mostAtOnce(`sum(${sessions({ ...working, [waitEventType]: '!=Lock' })})`, overall)
export const mostOpen = mostAtOnce(`sum(${sessions({ [sessionState]: '=~idle in transaction.*' })})`, overall)

export const waitingByRole = mostAtOnce(sumBy([role, waitEventType, waitEvent], waiting), recently)
/** Without `idle`: connections that nobody uses at the time. */
export const sessionsByState = mostAtOnce(sumBy([role, sessionState], sessions({ [sessionState]: '!=idle' })), recently)
export const workByEvent = mostAtOnce(sumBy([waitEventType], sessions(working)), recently)

// --- connections -----------------------------------------------------------------------------------------------------

const connections = (labels: Labels) =>
  `${prometheusName(metrics.poolConnections)}${selector({ ...byService, ...labels })}`
const requests = `${prometheusName(metrics.poolWaiting)}${selector(byService)}`
const instance = ['service.name', attributes.instance]

export const mostRequestsWaiting = `max(max_over_time(${requests}[${overall}]))`
/** The worst of each: most in use, fewest to spare. */
export const connectionsUsed = sumBy(
  instance,
  `max_over_time(${connections({ [attributes.poolState]: 'used' })}[${recently}])`,
)
export const connectionsIdle = sumBy(
  instance,
  `min_over_time(${connections({ [attributes.poolState]: 'idle' })}[${recently}])`,
)
export const requestsWaiting = sumBy(instance, `max_over_time(${requests}[${recently}])`)

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

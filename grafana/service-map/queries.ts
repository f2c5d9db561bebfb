// What is asked about who calls whom: the Collector's service_graph, made of all spans.
import { serviceNames } from '../../services/kit/telemetry/names.ts'
import { selector } from '../../services/kit/telemetry/prometheus-names.ts'
import { graphMetrics } from '../foreign-metrics.ts'
import { failedShareBy, type Labels, overall, quantile, rate, recently, sumBy } from '../vectors.ts'

/** A call from one to another, and how: `connection_type` is empty for HTTP. */
export const edge = { client: 'client', server: 'server', how: 'connection_type' } as const
const edges = Object.values(edge)

// A job in the queue is waited for by nobody, and `user` stands for whoever sends no spans: the callee's word counts then.
const queued = 'messaging_system'
const untold = 'user'
const told: Labels = { [edge.client]: `!=${untold}`, [edge.how]: `!=${queued}` }

/** As long as the caller waits, or, where nobody says so or nobody waits, as long as the other one works. */
const waited = (q: number, by: readonly string[], labels: Labels, range: string) =>
  [
    quantile(q, by, graphMetrics.clientDuration, { ...labels, ...told }, range),
    quantile(q, by, graphMetrics.serverDuration, labels, range),
  ].join(' or ')

// The tables, over the whole time range: calls of the shop's own services, and calls of all others.

const ours = serviceNames.join('|')
export const toServices: Labels = { [edge.server]: `=~${ours}` }
export const toOthers: Labels = { [edge.server]: `!~${ours}` }

export const rateOfCalls = (to: Labels): string => sumBy(edges, rate(graphMetrics.requests, to, overall))
export const failedShare = (to: Labels): string =>
  failedShareBy(
    edges,
    { failed: graphMetrics.failed + selector(to), all: graphMetrics.requests + selector(to), by: edges },
    overall,
  )
export const quantileOfCalls = (q: number, to: Labels): string => waited(q, edges, to, overall)

// Over time. Calls of the database are many, and have a panel of their own.

const pair = [edge.client, edge.server]
const database = 'postgres'
const notQueued: Labels = { [edge.how]: `!=${queued}` }
const toProcesses: Labels = { [edge.server]: `!=${database}`, ...notQueued }
const toDatabase: Labels = { [edge.server]: database }

export const p99OfCalls = waited(0.99, pair, toProcesses, recently)
export const p99OfDatabase = waited(0.99, pair, toDatabase, recently)
export const callsByEdge = sumBy(pair, rate(graphMetrics.requests, toProcesses))

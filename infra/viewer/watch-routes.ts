// What the pages ask that watch metrics and logs: a service's curves, the trace behind a point of them, what is logged most.
import type { FastifyInstance } from 'fastify'
import type { Series } from '../../services/lens/source.ts'
import { notFound } from './errors.ts'
import { findLogs } from './log-patterns.ts'
import { metricsShown, type ServiceMetrics, serviceMetricsOf, silentMs, slowestMoments } from './metrics-view.ts'
import { logPatternsQuery, parse, type ServiceMetricsQuery, serviceMetricsQuery, slowestTraceQuery } from './queries.ts'
import { type SlowestRequest, slowestRequests } from './slowest-requests.ts'
import type { Store } from './store.ts'

export function registerWatching(app: FastifyInstance, store: Store): void {
  app.get('/api/service-metrics', async (request) =>
    serviceMetricsIn(store, parse(serviceMetricsQuery, request.query), Date.now()),
  )

  app.get('/api/slowest-trace', async (request) => {
    const { from: fromMs, to: toMs, ...requests } = parse(slowestTraceQuery, request.query)
    const [slowest] = slowestRequests(store.traces, [{ ...requests, fromMs, toMs }])
    if (slowest === undefined) {
      throw notFound(`No trace of what ${requests.service} answered then is here: it is on its way, or was evicted`)
    }
    return slowest
  })

  app.get('/api/log-patterns', async (request) => findLogs(store.logs, parse(logPatternsQuery, request.query)))
}

/** `newestMs` is when the service last reported, `oldestMs` since when its reports are kept. */
export type ServiceMetricsAnswer = ServiceMetrics & {
  services: string[]
  oldestMs?: number
  newestMs?: number
  slowest: (SlowestRequest & { instance: string })[]
}

const rangeMs = 5 * 60_000
const slowestMost = 8
/** More than are listed: of some moments no trace is kept. */
const momentsMost = 24

function serviceMetricsIn(store: Store, query: ServiceMetricsQuery, nowMs: number): ServiceMetricsAnswer {
  const toMs = query.to ?? nowMs
  const fromMs = query.from ?? toMs - rangeMs
  const view = serviceMetricsOf(seriesFor(store, query.service, fromMs, toMs), { fromMs, toMs })
  const moments = slowestMoments(view.instances, momentsMost)
  const requests = slowestRequests(
    store.traces,
    moments.map((moment) => ({ ...moment, service: query.service })),
  )
  const slowest = requests.flatMap((request, i) =>
    request ? [{ ...request, instance: moments[i]?.instance ?? '' }] : [],
  )
  return {
    ...view,
    ...knownOf(store, query.service),
    slowest: slowest.slice(0, slowestMost).sort((a, b) => b.durationMs - a.durationMs),
  }
}

const seriesFor = (store: Store, service: string, fromMs: number, toMs: number): Series[] =>
  metricsShown.flatMap((metric) =>
    store.series.find({ metric, labels: { 'service.name': service }, from: fromMs - silentMs, to: toMs }),
  )

/** Who has reported any of these metrics, and from when to when the one service has. */
function knownOf(store: Store, service: string): { services: string[]; oldestMs?: number; newestMs?: number } {
  const services = new Set<string>()
  let [oldestMs, newestMs] = [Number.POSITIVE_INFINITY, 0]
  for (const { metric, labels, points } of store.series.all()) {
    const name = labels['service.name']
    if (name === undefined || !metricsShown.includes(metric)) continue
    services.add(name)
    if (name !== service) continue
    oldestMs = Math.min(oldestMs, points[0]?.atMs ?? oldestMs)
    newestMs = Math.max(newestMs, points.at(-1)?.atMs ?? 0)
  }
  return { services: [...services].sort(), ...(newestMs > 0 ? { oldestMs, newestMs } : {}) }
}

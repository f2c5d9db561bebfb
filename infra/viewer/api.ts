// The JSON API that the pages and the lens's viewer source read. Times are epoch ms, `from` inclusive, `to` exclusive.
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { slo } from '../../services/kit/slo.ts'
import { attributes as names } from '../../services/kit/telemetry/names.ts'
import { criticalPath } from '../../services/lens/critical-path.ts'
import { findings } from '../../services/lens/findings.ts'
import type { LogLine } from '../../services/lens/source.ts'
import { registerAnalysis, usualFor } from './analysis-routes.ts'
import { notFound } from './errors.ts'
import { findTraces } from './find-traces.ts'
import { logsQuery, lookupBody, parse, seriesQuery, traceParams, tracesQuery } from './queries.ts'
import { statusOf } from './status.ts'
import type { Store } from './store.ts'
import { registerWatching } from './watch-routes.ts'

export function registerApi(app: FastifyInstance, store: Store): void {
  registerTraces(app, store)
  registerAnalysis(app, store)
  registerWatching(app, store)

  app.get('/api/logs', async (request) => ({ logs: store.logs.find(parse(logsQuery, request.query)) }))

  app.get('/api/metrics', async () => ({ metrics: store.series.metrics() }))
  app.get('/api/series', async (request, reply) => {
    const series = store.series.find(parse(seriesQuery, request.query))
    return reply.type('application/json').send(withInfinity(JSON.stringify({ series })))
  })
  app.get('/api/exemplars', async (request) => ({
    exemplars: store.series.exemplars(parse(seriesQuery, request.query)),
  }))

  app.get('/api/services', async () => ({ services: store.services() }))
  app.get('/api/status', async () => statusOf(store))
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.post('/api/clear', async (_, reply) => {
    store.clear()
    return reply.code(204).send()
  })
}

function registerTraces(app: FastifyInstance, store: Store): void {
  app.get('/api/traces', async (request) =>
    findTraces(store.traces.summaries(), parse(tracesQuery, request.query), Date.now()),
  )

  app.get('/api/traces/:id', async (request) => {
    const { id } = parse(traceParams, request.params)
    const trace = store.traces.get(id)
    if (trace === undefined) throw notFound(`No trace ${id} here: it is not finished yet, was evicted, or never was`)
    const logs = store.logs.find({ traceId: id, limit: 10_000 })
    return {
      trace,
      criticalPath: criticalPath(trace),
      findings: findings(trace),
      logs,
      blockedBy: blockersOf(id, logs),
      sloMs: slo.thresholdMs,
      ...usualFor(trace, store),
    }
  })

  app.post('/api/traces/lookup', { bodyLimit: 1024 ** 2 }, async (request, reply) => {
    const { ids } = parse(lookupBody, request.body)
    return reply.type('application/json').send(Readable.from(tracesAsJson(store, ids)))
  })
}

/** Trace by trace: 5,000 traces in one string would be larger than the store itself. */
function* tracesAsJson(store: Store, ids: readonly string[]): Generator<string> {
  let separator = '{"traces":['
  for (const id of new Set(ids)) {
    const trace = store.traces.get(id)
    if (trace === undefined) continue
    yield separator + JSON.stringify(trace)
    separator = ','
  }
  yield separator === ',' ? ']}' : '{"traces":[]}'
}

/** The traces that this one waited for, according to what Postgres logged about it. */
function blockersOf(traceId: string, logs: readonly LogLine[]): string[] {
  const ids = logs.map((line) => line.attributes[names.blockedByTraceId])
  return [...new Set(ids.filter((id) => typeof id === 'string' && id !== '' && id !== traceId) as string[])]
}

/** JSON has no infinity, but every parser for doubles reads 1e999 as one: the last bucket stays what its type says. */
const withInfinity = (json: string): string => json.replaceAll('"upTo":null', '"upTo":1e999')

// Questions about many traces at once: what differs in a region of the list, who calls whom, and where two traces differ.
import type { FastifyInstance } from 'fastify'
import { slo } from '../../services/kit/slo.ts'
import type { Trace } from '../../services/lens/trace.ts'
import { differencesOf } from './differences.ts'
import { notFound } from './errors.ts'
import { comparisonQuery, differencesQuery, mapQuery, parse } from './queries.ts'
import { serviceMap } from './service-map.ts'
import type { Store } from './store.ts'
import { summaryOf } from './summary.ts'
import { compareTraces } from './trace-comparison.ts'
import { usualOf } from './usual.ts'

const defaultMapMs = 5 * 60_000

export function registerAnalysis(app: FastifyInstance, store: Store): void {
  app.get('/api/differences', async (request) =>
    differencesOf(store.traces, parse(differencesQuery, request.query), Date.now()),
  )

  app.get('/api/map', async (request) => {
    const { from, to = Date.now() } = parse(mapQuery, request.query)
    return serviceMap(store.traces, { fromMs: from ?? to - defaultMapMs, toMs: to })
  })

  app.get('/api/comparison', async (request) => {
    const { slow, fast } = parse(comparisonQuery, request.query)
    const traces = { slow: store.traces.get(slow), fast: store.traces.get(fast) }
    if (traces.slow === undefined) throw notFound(`No trace ${slow} here to compare ${fast} with`)
    if (traces.fast === undefined) throw notFound(`No trace ${fast} here to compare ${slow} with`)
    return compareTraces(traces.slow, traces.fast)
  })
}

/** For a slow trace the id of one that shows how the same request usually goes; none for any other. */
export function usualFor(trace: Trace, store: Store): { usual?: string } {
  const { traceId, rootName, durationMs } = summaryOf(trace)
  if (durationMs <= slo.thresholdMs) return {}
  const alike = store.traces.summaries().filter((other) => other.rootName === rootName && other.traceId !== traceId)
  const usual = usualOf(alike)
  return usual === undefined ? {} : { usual: usual.traceId }
}

// The routes of load runs: players start one, post outcomes and end it; people read it as JSON, text or a page.
import type { FastifyInstance } from 'fastify'
import { pageOf } from '../../loadtest/page.ts'
import { type TraceUrl, textOf } from '../../loadtest/text.ts'
import { parse } from '../kit/http/parse.ts'
import { EndLoad, LoadOutcomes, LoadPath, StartLoad } from './contract.ts'
import type { Loads } from './loads.ts'

/** The pages have neither scripts nor requests, and here they could have none. */
export const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
const refreshSeconds = 5

export function addLoadRoutes(app: FastifyInstance, { loads, traceUrl }: { loads: Loads; traceUrl: TraceUrl }): void {
  const runIn = (params: unknown) => parse('path', LoadPath, params).run

  app.get('/api/loads', async () => ({ loads: loads.list() }))
  app.post('/api/loads', async (request, reply) =>
    reply.status(201).send(await loads.start(parse('body', StartLoad, request.body))),
  )
  app.post('/api/loads/:run/outcomes', async (request) =>
    loads.add(runIn(request.params), parse('body', LoadOutcomes, request.body)),
  )
  app.post('/api/loads/:run/end', async (request) => {
    const report = await loads.end(runIn(request.params), parse('body', EndLoad, request.body ?? {}))
    const isHeld = report.limits.every((limit) => limit.isHeld)
    return { text: textOf(report, traceUrl), isHeld, page: `/loads/${report.run}` }
  })

  app.get('/api/loads/:run', async ({ params }) => loads.report(runIn(params)))
  app.get('/api/loads/:run/text', async ({ params }, reply) =>
    reply.type('text/plain; charset=utf-8').send(`${textOf(loads.report(runIn(params)), traceUrl)}\n`),
  )
  app.get('/loads/:run', async ({ params }, reply) => {
    const run = runIn(params)
    const options = loads.isGoing(run) ? { traceUrl, refreshSeconds } : { traceUrl }
    return reply
      .header('content-security-policy', pagePolicy)
      .type('text/html; charset=utf-8')
      .send(pageOf(loads.report(run), options))
  })
}

// "Why slow?" over HTTP: the report as JSON, and as a page for people.
import type { FastifyInstance } from 'fastify'
import type { TraceUrl } from '../../loadtest/text.ts'
import { parse } from '../kit/http/parse.ts'
import { type Why, why } from '../lens/why/why.ts'
import { AskedWhy } from './contract.ts'
import type { Drills } from './drills/drills.ts'
import { pagePolicy } from './load-routes.ts'
import { look } from './look.ts'
import type { Telemetry } from './telemetry.ts'
import { whyPage } from './why-page.ts'

export type WhyDeps = { telemetry: Telemetry; traceUrl: TraceUrl; drills: Pick<Drills, 'refuseIfGoing'> }

export function addWhyRoutes(app: FastifyInstance, { telemetry, traceUrl, drills }: WhyDeps): void {
  const reportFor = async (query: unknown): Promise<Why> => {
    drills.refuseIfGoing()
    return why(await look(telemetry, parse('query', AskedWhy, query)))
  }

  app.get('/api/why', async ({ query }) => reportFor(query))
  app.get('/why', async ({ query }, reply) =>
    reply
      .header('content-security-policy', pagePolicy)
      .type('text/html; charset=utf-8')
      .send(whyPage(await reportFor(query), { traceUrl })),
  )
}

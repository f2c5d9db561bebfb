// The workshop's HTTP API and the console's pages (Fastify). It knows the answers and does not tell: a scenario is its id,
// level and question.
import { join } from 'node:path'
import type { TraceUrl } from '../../loadtest/text.ts'
import type { App } from '../kit/http/app.ts'
import { fastifyApp } from '../kit/http/fastify.ts'
import { parse } from '../kit/http/parse.ts'
import type { Logger } from '../kit/telemetry/log.ts'
import { servePages } from '../lens/pages.ts'
import { FlagPath, hiddenId, ScenarioPath, SetFlag, SetTraffic, StartScenario } from './contract.ts'
import { addDrillRoutes } from './drills/drill-routes.ts'
import type { Drills } from './drills/drills.ts'
import { ForeignOrigin } from './errors.ts'
import type { Faults } from './faults.ts'
import { addLoadRoutes } from './load-routes.ts'
import type { Loads } from './loads.ts'
import { addNowRoutes } from './now-routes.ts'
import { openApi } from './openapi.ts'
import type { Runs } from './runs.ts'
import type { Scenario } from './scenario.ts'
import { scenarioNamed } from './scenarios/index.ts'
import { addShopRoutes } from './shop-routes.ts'
import type { Telemetry } from './telemetry.ts'
import type { LookPage } from './trace-pages.ts'
import type { TrafficGate } from './traffic.ts'
import { addWhyRoutes } from './why-routes.ts'

export type WorkshopDeps = {
  faults: Faults
  traffic: TrafficGate
  runs: Runs
  loads: Loads
  drills: Drills
  telemetry: Telemetry
  /** Where a browser opens a trace. */
  traceUrl: TraceUrl
  lookPage: LookPage
  /** The shop. */
  target: URL
  scenarios: readonly Scenario[]
  log: Logger
}

export function buildApp(deps: WorkshopDeps): Promise<App> {
  const { faults, traffic, runs, loads, drills, scenarios, log } = deps
  const reset = async () => {
    loads.callOff()
    drills.callOff()
    return runs.reset()
  }
  return fastifyApp(log, (app) => {
    app.addHook('onRequest', async (request) => {
      if (request.method !== 'GET' && request.headers['sec-fetch-site'] === 'cross-site')
        throw new ForeignOrigin('Requests from pages of another site are refused.')
    })

    app.get('/healthz', async () => ({ status: 'ok', service: 'workshop' }))

    app.get('/api/flags', async () => {
      const list = await faults.list()
      if (drills.current() === null && runs.current()?.id !== hiddenId) return list
      // Whoever is to find out what it is does not find it here.
      return { ...list, flags: list.flags.map(({ setting: _, ...flag }) => ({ ...flag, isEditedByHand: false })) }
    })
    app.put('/api/flags/:name', async (request) => {
      const { name } = parse('path', FlagPath, request.params)
      return faults.set(name, parse('body', SetFlag, request.body))
    })
    app.post('/api/reset', reset)

    app.get('/api/traffic', async () => traffic.state())
    app.post('/api/traffic', async (request) => traffic.set(parse('body', SetTraffic, request.body)))

    app.get('/api/scenarios', async () => ({
      scenarios: scenarios.map(({ id, level, question }) => ({ id, level, question })),
    }))
    app.get('/api/scenarios/current', async () => ({ current: runs.current() }))
    app.post('/api/scenarios/reset', reset)
    app.post('/api/scenarios/:id/start', async (request, reply) => {
      const scenario = scenarioNamed(parse('path', ScenarioPath, request.params).id, scenarios)
      const asked = parse('body', StartScenario, request.body ?? {})
      drills.refuseIfGoing('this would spoil it')
      return reply.status(202).send({ current: runs.start(scenario, asked) })
    })

    addLoadRoutes(app, deps)
    addWhyRoutes(app, deps)
    addDrillRoutes(app, deps)
    addNowRoutes(app, deps)
    addShopRoutes(app, deps)
    app.get('/api/openapi.json', async () => openApi())
    servePages(app, { folder: join(import.meta.dirname, 'pages'), paths: ['/', '/faults', '/shop', '/drill'] })
  })
}

// Starts the workshop service. It is not part of the shop and not instrumented: it knows the answers.
import { loadConfig } from '../kit/config.ts'
import { untilStopped } from '../kit/lifecycle.ts'
import { createLogger } from '../kit/telemetry/log.ts'
import { grafanaMarks } from './annotations.ts'
import { buildApp } from './app.ts'
import { apiUrlOf, doorsOf, grafanaOf, instancesOf, WorkshopConfig } from './config.ts'
import { createDrills } from './drills/drills.ts'
import { openFaults } from './faults.ts'
import { createLoads } from './loads.ts'
import { createRuns } from './runs.ts'
import { scenarios } from './scenarios/index.ts'
import { serve } from './serve.ts'
import { shopFlags } from './shop-flags.ts'
import { openTelemetry } from './telemetry.ts'
import { lookPage, tracePages } from './trace-pages.ts'
import { createTrafficGate } from './traffic.ts'

await untilStopped(async (resources) => {
  const config = loadConfig(WorkshopConfig, process.env)
  const log = createLogger('workshop')
  const grafana = grafanaOf(config)
  const faults = openFaults({
    file: config.FLAGS_FILE,
    flags: shopFlags,
    instances: instancesOf(config),
    ...(grafana === undefined ? {} : { noticed: grafanaMarks(grafana, log) }),
  })
  await faults.prepare()
  const traffic = createTrafficGate()
  const telemetry = openTelemetry(config.SOURCE, config)
  const runs = resources.use(createRuns({ faults, traffic, target: apiUrlOf(config), count: telemetry.count }))
  const loads = resources.use(createLoads({ faults, traffic, runs }))
  const traceUrl = tracePages(config)
  const drills = resources.use(createDrills({ runs, faults, telemetry, scenarios, traceUrl }))
  const app = await buildApp({
    faults,
    traffic,
    runs,
    loads,
    drills,
    telemetry,
    traceUrl,
    lookPage: lookPage(config),
    target: apiUrlOf(config),
    scenarios,
    log,
  })
  for (const door of doorsOf(config)) {
    const { url } = resources.use(await serve(app, { host: config.HOST, ...door }))
    log.info(`listening on ${url}${door.token === undefined ? '' : ', for whoever has the token'}`)
  }
})

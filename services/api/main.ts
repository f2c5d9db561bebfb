// Starts api. Telemetry is already running: see kit/telemetry/register.ts.
import { loadConfig } from '../kit/config.ts'
import { watchFlags } from '../kit/flags/watch.ts'
import { listen } from '../kit/http/listen.ts'
import { untilStopped } from '../kit/lifecycle.ts'
import { openQueue } from '../kit/queue/queue.ts'
import { openDatabase } from '../kit/store/database.ts'
import { createLogger } from '../kit/telemetry/log.ts'
import { headSampler } from '../kit/telemetry/sampling.ts'
import { openAdmission } from './admission.ts'
import { buildApp } from './app.ts'
import { ApiConfig } from './config.ts'
import { apiEdge } from './flags.ts'
import { createInventory, createPayment } from './peers.ts'
import { keepsTrace } from './sampling.ts'
import { createSessions } from './session.ts'
import { createSignals } from './signals.ts'
import { createStore } from './store.ts'
import { startSweeper } from './unwind.ts'

await untilStopped(async (resources) => {
  const config = loadConfig(ApiConfig, process.env)
  const log = createLogger('api')
  const flags = resources.use(await watchFlags(config.FLAGS_FILE))
  headSampler.decideBy(keepsTrace(flags))
  const database = resources.use(openDatabase(config.DATABASE_URL, { poolMax: config.DATABASE_POOL_MAX, log }))
  const queue = resources.use(await openQueue(config.DATABASE_URL, { consumes: false, log }))
  const store = createStore(database, queue)
  const inventory = createInventory(config.INVENTORY_URLS)
  const payment = createPayment(config.PAYMENT_URLS)
  const signals = createSignals(log)
  const deps = { store, inventory, payment, signals, log }
  resources.use(startSweeper({ ...deps, intervalMs: config.SWEEP_INTERVAL_MS }))
  const sessions = createSessions(config.SESSION_SECRET, store)
  const admission = resources.use(openAdmission({ mostUnderWay: config.CHECKOUTS_UNDER_WAY_MAX, signals }))
  const app = buildApp({ ...deps, sessions, admission, checkoutDeadlineMs: config.CHECKOUT_DEADLINE_MS })
  const edge = { flags, flag: apiEdge }
  const { url } = resources.use(await listen(app, { service: 'api', host: config.HOST, port: config.PORT, edge }))
  log.info(`listening on ${url}`)
})

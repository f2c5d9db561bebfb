// Starts payment. Telemetry is already running: see kit/telemetry/register.ts.
import { loadConfig } from '../kit/config.ts'
import { watchFlags } from '../kit/flags/watch.ts'
import { listen } from '../kit/http/listen.ts'
import { untilStopped } from '../kit/lifecycle.ts'
import { openQueue } from '../kit/queue/queue.ts'
import { openDatabase } from '../kit/store/database.ts'
import { createLogger } from '../kit/telemetry/log.ts'
import { buildApp } from './app.ts'
import { createBank } from './bank.ts'
import { PaymentConfig } from './config.ts'
import { paymentEdge } from './flags.ts'
import { openSessions } from './session.ts'
import { capture } from './settle.ts'
import { createSignals } from './signals.ts'
import { createStore } from './store.ts'

await untilStopped(async (resources) => {
  const config = loadConfig(PaymentConfig, process.env)
  const log = createLogger('payment')
  const flags = resources.use(await watchFlags(config.FLAGS_FILE))
  const signals = createSignals(log)
  // First of all: the bank takes its time, and the rest can be opened meanwhile.
  const bankOf = { bankUrl: config.BANK_URL, instance: config.OTEL_RESOURCE_ATTRIBUTES }
  const sessions = resources.use(openSessions({ ...bankOf, flags, signals }))
  const database = resources.use(openDatabase(config.DATABASE_URL, { poolMax: config.DATABASE_POOL_MAX, log }))
  const queue = resources.use(await openQueue(config.DATABASE_URL, { consumes: true, log }))
  const deps = { store: createStore(database), bank: createBank(config.BANK_URL, { sessions, signals }), signals }
  resources.use(await queue.consume('order-placed', 'payment', (event) => capture(event, deps)))
  const app = await buildApp({ ...deps, log })
  const edge = { flags, flag: paymentEdge }
  const { url } = resources.use(await listen(app, { service: 'payment', host: config.HOST, port: config.PORT, edge }))
  log.info(`listening on ${url}`)
})

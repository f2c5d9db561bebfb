// Starts inventory. Telemetry is already running: see kit/telemetry/register.ts.
import { loadConfig } from '../kit/config.ts'
import { watchFlags } from '../kit/flags/watch.ts'
import { createPeer } from '../kit/http/client.ts'
import { listen } from '../kit/http/listen.ts'
import { untilStopped } from '../kit/lifecycle.ts'
import { openQueue } from '../kit/queue/queue.ts'
import { openDatabase } from '../kit/store/database.ts'
import { createLogger } from '../kit/telemetry/log.ts'
import { buildApp } from './app.ts'
import { InventoryConfig } from './config.ts'
import { createDeliveries } from './deliveries.ts'
import { inventoryEdge } from './flags.ts'
import { openPriceDesk } from './price-desk.ts'
import { createPricing } from './pricing.ts'
import { confirm } from './settle.ts'
import { createSignals } from './signals.ts'
import { createStore } from './store.ts'

await untilStopped(async (resources) => {
  const config = loadConfig(InventoryConfig, process.env)
  const log = createLogger('inventory')
  const flags = resources.use(await watchFlags(config.FLAGS_FILE))
  const database = resources.use(openDatabase(config.DATABASE_URL, { poolMax: config.DATABASE_POOL_MAX, log }))
  const queue = resources.use(await openQueue(config.DATABASE_URL, { consumes: true, log }))
  const store = createStore(database)
  const signals = createSignals(log)
  const pricing = createPricing(createPeer('pricing', config.PRICING_URLS), { flags, signals })
  const desk = resources.use(openPriceDesk(log))
  const deliveries = createDeliveries(createPeer('erp', [config.ERP_URL]))
  resources.use(await queue.consume('order-placed', 'inventory', (event) => confirm(event, { store, signals })))
  const app = await buildApp({ store, pricing, desk, deliveries, flags, signals, log })
  const edge = { flags, flag: inventoryEdge }
  const { url } = resources.use(await listen(app, { service: 'inventory', host: config.HOST, port: config.PORT, edge }))
  log.info(`listening on ${url}`)
})

// Starts pricing. Telemetry is already running: see kit/telemetry/register.ts.
import { loadConfig } from '../kit/config.ts'
import { watchFlags } from '../kit/flags/watch.ts'
import { createPeer } from '../kit/http/client.ts'
import { listen } from '../kit/http/listen.ts'
import { untilStopped } from '../kit/lifecycle.ts'
import { openDatabase } from '../kit/store/database.ts'
import { createLogger } from '../kit/telemetry/log.ts'
import { createAgreements } from './agreements.ts'
import { buildApp } from './app.ts'
import { createPriceCache } from './cache.ts'
import { PricingConfig } from './config.ts'
import { pricingEdge } from './flags.ts'
import { createPriceList } from './price-list.ts'
import { createSignals } from './signals.ts'
import { createStore } from './store.ts'

await untilStopped(async (resources) => {
  const config = loadConfig(PricingConfig, process.env)
  const log = createLogger('pricing')
  const flags = resources.use(await watchFlags(config.FLAGS_FILE))
  const database = resources.use(openDatabase(config.DATABASE_URL, { poolMax: config.DATABASE_POOL_MAX, log }))
  const store = createStore(database)
  const signals = createSignals(log)
  const erp = createPeer('erp', [config.ERP_URL])
  const agreements = createAgreements(erp)
  const ttlMs = config.CACHE_TTL_SECONDS * 1000
  const cache = createPriceCache({ load: store.pricesOf, list: createPriceList(erp), flags, signals, ttlMs })
  const app = buildApp({ cache, store, agreements, flags, signals, log })
  const edge = { flags, flag: pricingEdge }
  const { url } = resources.use(await listen(app, { service: 'pricing', host: config.HOST, port: config.PORT, edge }))
  log.info(`listening on ${url}`)
})

// Starts the world around the shop: what belongs to somebody else. Not instrumented.
import { loadConfig } from '../../services/kit/config.ts'
import { watchFlags } from '../../services/kit/flags/watch.ts'
import { untilStopped } from '../../services/kit/lifecycle.ts'
import { createRandom } from '../../services/kit/random.ts'
import { buildBank } from './bank.ts'
import { WorldConfig } from './config.ts'
import { buildErp } from './erp.ts'
import { openLedger } from './ledger.ts'

await untilStopped(async (resources) => {
  const config = loadConfig(WorldConfig, process.env)
  const ledger = resources.use(await openLedger(config.LEDGER_FILE))
  const flags = resources.use(await watchFlags(config.FLAGS_FILE))
  const bank = buildBank({
    ledger,
    flags,
    random: createRandom(config.SEED),
    medianMs: config.BANK_MEDIAN_MS,
    hiccupProbability: config.BANK_HICCUP_PROBABILITY,
  })
  const erp = buildErp({ flags, random: createRandom(config.SEED + 1), medianMs: config.ERP_MEDIAN_MS })
  for (const [name, app, port] of [
    ['bank', bank, config.BANK_PORT],
    ['erp', erp, config.ERP_PORT],
  ] as const) {
    resources.defer(() => app.close())
    console.log(`${name} listening on ${await app.listen({ host: config.HOST, port })}`)
  }
})

// Starts the world around the shop: what belongs to somebody else. Not instrumented.
import { loadConfig } from '../../services/kit/config.ts'
import { untilStopped } from '../../services/kit/lifecycle.ts'
import { createRandom } from '../../services/kit/random.ts'
import { buildBank } from './bank.ts'
import { WorldConfig } from './config.ts'
import { openLedger } from './ledger.ts'

await untilStopped(async (resources) => {
  const config = loadConfig(WorldConfig, process.env)
  const ledger = resources.use(await openLedger(config.LEDGER_FILE))
  const bank = buildBank({
    ledger,
    random: createRandom(config.SEED),
    medianMs: config.BANK_MEDIAN_MS,
    hiccupProbability: config.BANK_HICCUP_PROBABILITY,
  })
  resources.defer(() => bank.close())
  const url = await bank.listen({ host: config.HOST, port: config.PORT })
  console.log(`bank listening on ${url}`)
})

// Starts the world around the shop: what belongs to somebody else. Not instrumented.
import { loadConfig } from '../../services/kit/config.ts'
import { watchFlags } from '../../services/kit/flags/watch.ts'
import { untilStopped } from '../../services/kit/lifecycle.ts'
import { createRandom } from '../../services/kit/random.ts'
import { buildBank } from './bank.ts'
import { WorldConfig } from './config.ts'
import { buildErp } from './erp.ts'
import { openLedger } from './ledger.ts'
import { createLink, type Link } from './link.ts'
import { startReportReader } from './report.ts'
import { startRepricing } from './repricing.ts'

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
    session: { medianMs: config.BANK_SESSION_MEDIAN_MS, validForMs: config.BANK_SESSION_SECONDS * 1000 },
  })
  const serve = async (name: string, app: Pick<Link, 'listen' | 'close'>, port: number) => {
    resources.defer(async () => void (await app.close()))
    const url = await app.listen({ host: config.HOST, port })
    console.log(`${name} listening on ${url}`)
    return new URL(url)
  }
  const bankUrl = await serve('bank', bank, config.BANK_PORT)
  await serve('link', createLink({ to: bankUrl, flags, random: createRandom(config.SEED + 2) }), config.LINK_PORT)
  await serve(
    'erp',
    buildErp({ flags, random: createRandom(config.SEED + 1), medianMs: config.ERP_MEDIAN_MS }),
    config.ERP_PORT,
  )
  const random = createRandom(config.SEED + 3)
  resources.use(
    startReportReader({ flags, random, inventoryUrl: config.INVENTORY_URL, everyMs: config.REPORT_EVERY_MS }),
  )
  resources.use(startRepricing({ flags, random: createRandom(config.SEED + 4), lastsMs: 1_500, everyMs: 6_000 }))
})

// Writes `.env.example` from the configuration schemas: every variable any process reads, with its default.
import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import { LoadtestConfig } from '../../loadtest/config.ts'
import { ApiConfig } from '../../services/api/config.ts'
import { InventoryConfig } from '../../services/inventory/config.ts'
import { PaymentConfig } from '../../services/payment/config.ts'
import { PricingConfig } from '../../services/pricing/config.ts'
import { WorkshopConfig } from '../../services/workshop/config.ts'
import { PrepareConfig } from '../compose/main.ts'
import { UpConfig } from '../compose/start.ts'
import { ObserverConfig } from '../postgres/main.ts'
import { MigrateConfig } from '../postgres/migrate.ts'
import { ViewerConfig } from '../viewer/config.ts'
import { WorldConfig } from '../world/config.ts'
import { StartConfig } from './command-line.ts'

const schemas: Record<string, z.ZodType> = {
  'npm start': StartConfig,
  api: ApiConfig,
  inventory: InventoryConfig,
  payment: PaymentConfig,
  pricing: PricingConfig,
  workshop: WorkshopConfig,
  'world (bank and ERP)': WorldConfig,
  'baseline traffic': LoadtestConfig,
  viewer: ViewerConfig,
  'Postgres observer': ObserverConfig,
  'database migration': MigrateConfig,
  'containers: npm run up': UpConfig,
  'containers: passwords': PrepareConfig,
}

const file = resolve(import.meta.dirname, '../../.env.example')

/** The text of `.env.example`. Values in it are defaults, commented out; those without one must be given. */
export function envExample(): string {
  const intro = `# Every variable that a process of the lab reads, generated from the configuration schemas (npm run env).
# \`npm start\` sets them all; the OTEL_* variables of OpenTelemetry apply to every service besides.`
  return `${[intro, ...Object.entries(schemas).map(([process, schema]) => section(process, schema))].join('\n\n')}\n`
}

type Property = { description?: string; default?: unknown }

function section(process: string, schema: z.ZodType): string {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, Property>
  }
  const lines = Object.entries(properties).map(([name, property]) => {
    const value = property.default === undefined ? '' : String(property.default)
    return `# ${property.description ?? ''}\n# ${name}=${value}`
  })
  return [`# --- ${process} ---`, ...lines].join('\n')
}

if (import.meta.main) {
  const isCheck = process.argv.includes('--check')
  const isFresh = (await readFile(file, 'utf8').catch(() => '')) === envExample()
  if (isCheck && !isFresh) {
    console.error('.env.example is stale. Write it again with: npm run env')
    process.exitCode = 1
  }
  if (!isCheck) await writeFile(file, envExample())
}

// Which processes make up the lab on one machine, and what each is told. Pure: nothing is started here.
import { join } from 'node:path'
import { type PortName, ports } from '../../services/kit/ports.ts'
import { flagsFile, otlpEndpoint, postgresLogDir, serviceEnv } from './service-env.ts'

export type TopologyOptions = {
  portBase: number
  dataDir: string
  /** Where telemetry goes. The built-in viewer when absent. */
  otlpEndpoint?: string
  /** Whether baseline traffic runs. */
  traffic: boolean
  seed: number
  sessionSecret: string
  version: string
  /** Connection URL of a database role. */
  databaseUrl: (role: string) => string
  /** A service that runs under `node --watch --inspect`. */
  dev?: string
}

/** When a process stops; a later stage waits until the earlier ones are gone. */
export const stages = ['traffic', 'shop', 'around', 'viewer'] as const
export type Stage = (typeof stages)[number]

/** One process: what runs, where it listens, and when it may start and stop. */
export type ProcessSpec = {
  name: string
  /** Arguments of `node`. */
  args: string[]
  env: Record<string, string>
  stage: Stage
  /** Needs the migrated database when it starts. */
  needsDatabase: boolean
  /** Where it listens; `morePorts` where it listens besides. */
  port?: number
  morePorts?: number[]
  /** Answers as soon as the process is of use. */
  healthUrl?: string
  /** Its ordinary output is worth showing. */
  isTold?: boolean
}

export type Urls = Record<Exclude<PortName, 'postgres'>, string>

/** Base URLs of everything that speaks HTTP. */
export function urlsOf(portBase: number): Urls {
  const url = (name: PortName) => `http://127.0.0.1:${ports[name] + portBase}`
  const { postgres: _, ...others } = mapKeys(ports, url)
  return others
}

/** Every process except Postgres, in the order a person reads them. */
export function topology(options: TopologyOptions): ProcessSpec[] {
  const urls = urlsOf(options.portBase)
  const shop = shopProcesses(options, urls)
  const around = aroundProcesses(options, urls)
  return options.traffic ? [...shop, ...around, baseline(urls)] : [...shop, ...around]
}

/** The services that `--dev` accepts. */
export const devServices = ['api', 'inventory', 'payment', 'pricing'] as const

function shopProcesses(options: TopologyOptions, urls: Urls): ProcessSpec[] {
  const sessionSecret = { SESSION_SECRET: options.sessionSecret }
  const peers = { INVENTORY_URLS: urls.inventory, PAYMENT_URLS: `${urls.payment},${urls.payment2}` }
  const service = (name: string, instance: number, port: PortName, env: Record<string, string>): ProcessSpec => ({
    name: name === 'payment' ? `payment-${instance}` : name,
    args: [...smallHeap, ...devArguments(options, name, instance), ...telemetryHooks, `services/${name}/main.ts`],
    env: { ...serviceEnv(options, name, instance), ...listening(options, port), ...env },
    stage: 'shop',
    needsDatabase: true,
    ...reachable(options, port),
  })
  return [
    service('api', 1, 'api', { ...peers, ...sessionSecret, DATABASE_POOL_MAX: '10' }),
    service('inventory', 1, 'inventory', { PRICING_URLS: urls.pricing, ERP_URL: urls.erp, DATABASE_POOL_MAX: '20' }),
    service('payment', 1, 'payment', { BANK_URL: urls.link, DATABASE_POOL_MAX: '10' }),
    service('payment', 2, 'payment2', { BANK_URL: urls.link, DATABASE_POOL_MAX: '10' }),
    service('pricing', 1, 'pricing', { ERP_URL: urls.erp, DATABASE_POOL_MAX: '10' }),
  ]
}

function aroundProcesses(options: TopologyOptions, urls: Urls): ProcessSpec[] {
  const { dataDir, seed, databaseUrl, portBase } = options
  const plain = { stage: 'around', needsDatabase: false } as const
  const instances = { api: urls.api, inventory: urls.inventory, 'payment-1': urls.payment, 'payment-2': urls.payment2 }
  const workshop = {
    FLAGS_FILE: flagsFile(dataDir),
    API_URL: urls.api,
    VIEWER_URL: urls.viewer,
    SERVICE_URLS: Object.entries({ ...instances, pricing: urls.pricing, world: urls.bank })
      .map(([name, url]) => `${name}=${url}/healthz`)
      .join(','),
    AUDIT_DATABASE_URL: databaseUrl('auditor'),
    BANK_URL: urls.bank,
  }
  const world = {
    BANK_PORT: String(ports.bank + portBase),
    LINK_PORT: String(ports.link + portBase),
    ERP_PORT: String(ports.erp + portBase),
    INVENTORY_URL: urls.inventory,
    FLAGS_FILE: flagsFile(dataDir),
    LEDGER_FILE: join(dataDir, 'bank-ledger.jsonl'),
    SEED: String(seed),
  }
  const observer = {
    OBSERVER_URL: databaseUrl('observer'),
    POSTGRES_LOG_DIR: postgresLogDir(dataDir),
    POSTGRES_LOG_POSITIONS: join(dataDir, 'postgres-log-positions.json'),
    OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint(options),
  }
  type Process = { entry: string; port: PortName; env: Record<string, string>; flags?: readonly string[] }
  const process = (name: string, { entry, port, env, flags = [] }: Process): ProcessSpec => ({
    name,
    args: [...flags, entry],
    env: { ...listening(options, port), ...env },
    ...plain,
    ...reachable(options, port),
  })
  return [
    {
      ...process('world', { entry: 'infra/world/main.ts', port: 'bank', env: world, flags: smallHeap }),
      morePorts: [ports.link, ports.erp].map((port) => port + portBase),
    },
    process('workshop', { entry: 'services/workshop/main.ts', port: 'workshop', env: workshop }),
    { ...process('viewer', { entry: 'infra/viewer/main.ts', port: 'viewer', env: {} }), stage: 'viewer' },
    { name: 'observer', args: ['infra/postgres/main.ts'], env: observer, ...plain, needsDatabase: true },
  ]
}

function baseline(urls: Urls): ProcessSpec {
  const env = { API_URL: urls.api, WORKSHOP_URL: urls.workshop }
  return { name: 'baseline', args: ['loadtest/baseline.ts'], env, stage: 'traffic', needsDatabase: false, isTold: true }
}

/**
 * In MiB. On a machine with much memory V8 would let each process have 4 GiB, up to 48 MiB of it for what has just been made, and
 * looks for waste accordingly late. With a container's limit it does that by itself. For those that work for every checkout.
 */
const smallHeap = ['--max-old-space-size=256', '--max-semi-space-size=8']

const telemetryHooks = ['./services/kit/telemetry/hook.ts', './services/kit/telemetry/register.ts'].flatMap((file) => [
  '--import',
  file,
])

function devArguments({ dev, portBase }: TopologyOptions, name: string, instance: number): string[] {
  return dev === name && instance === 1
    ? ['--watch', '--watch-preserve-output', `--inspect=127.0.0.1:${9229 + portBase}`]
    : []
}

const listening = ({ portBase }: TopologyOptions, port: PortName) => ({
  HOST: '127.0.0.1',
  PORT: String(ports[port] + portBase),
})
const reachable = ({ portBase }: TopologyOptions, port: PortName) => ({
  port: ports[port] + portBase,
  healthUrl: `http://127.0.0.1:${ports[port] + portBase}/healthz`,
})

function mapKeys<K extends string, V>(record: Record<K, unknown>, makeValue: (key: K) => V): Record<K, V> {
  return Object.fromEntries((Object.keys(record) as K[]).map((key) => [key, makeValue(key)])) as Record<K, V>
}

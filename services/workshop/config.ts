// What the workshop service and its command line read from the environment.
import { z } from 'zod'
import { portBase, portOf } from '../kit/config.ts'
import { isLoopback } from '../kit/loopback.ts'
import type { PortName } from '../kit/ports.ts'
import type { TraceBackend } from '../lens/sources/stack.ts'
import type { Instance } from './acknowledge.ts'

const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http(s) URL' })
const postgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'expected a postgres:// URL' })

const instances = z
  .string()
  .transform((text) => text.split(',').map((item) => item.trim().split('=')))
  .pipe(z.array(z.tuple([z.string().min(1), httpUrl]), 'expected a comma-separated list of name=url').min(1))
  .transform((pairs) => pairs.map(([name, healthUrl]): Instance => ({ name, healthUrl })))

const shared = {
  PORT_BASE: portBase,
  API_URL: httpUrl.optional().describe('The shop; the local api when absent'),
  VIEWER_URL: httpUrl.optional().describe('Where traces, logs and metrics are read; the local viewer when absent'),
  SERVICE_URLS: instances
    .optional()
    .describe('Health checks of every service instance, as name=url,name=url; the local ones when absent'),
  SOURCE: z
    .enum(['viewer', 'stack'], { error: 'expected viewer or stack' })
    .default('viewer')
    .describe('Where telemetry is read: viewer (npm start), or stack, which is set inside docker compose'),
  PROMETHEUS_URL: httpUrl
    .optional()
    .describe('Metrics of the stack; prometheus inside it, port 9090 of this machine outside'),
  LOKI_URL: httpUrl.optional().describe('Logs of the stack; loki inside it, port 3100 of this machine outside'),
  TRACES_BACKEND: z
    .enum(['tempo', 'jaeger', 'zipkin'], { error: 'expected tempo, jaeger or zipkin' })
    .default('tempo')
    .describe('What stores the traces of the stack'),
  TRACES_URL: httpUrl.optional().describe('Traces of the stack; the backend by its name inside it, its port outside'),
  GRAFANA_URL: httpUrl.optional().describe('Grafana; grafana inside the stack, port 3000 of this machine outside'),
}

export const WorkshopConfig = z
  .object({
    ...shared,
    HOST: z.string().default('127.0.0.1').describe('Address to listen on'),
    PORT: z.coerce.number().int().min(0).max(65_535).optional().describe('TCP port to listen on; 0 picks a free one'),
    PUBLISHED_PORT: z.coerce
      .number()
      .int()
      .min(0)
      .max(65_535)
      .optional()
      .describe('In a container: a second port, the one that is published; nobody else reaches the first one'),
    BIND_ADDRESS: z
      .string()
      .default('127.0.0.1')
      .describe('In a container: the address that PUBLISHED_PORT is bound to'),
    WORKSHOP_TOKEN: z
      .string()
      .min(16, 'expected at least 16 characters')
      .optional()
      .describe('Asked for by what other machines reach; required there'),
    FLAGS_FILE: z.string().min(1).describe("Flag file in flagd's JSON schema, written here and polled by the services"),
    TRACE_PAGES_URL: httpUrl
      .optional()
      .describe("Where a browser opens traces: the viewer, or the stack's Grafana, Jaeger or Zipkin, as published"),
    GRAFANA_PAGES_URL: httpUrl.optional().describe("Where a browser opens the stack's Grafana, as published"),
  })
  .refine((config) => config.WORKSHOP_TOKEN !== undefined || isLoopback(openAddressOf(config)), {
    path: ['WORKSHOP_TOKEN'],
    error:
      'expected a token of at least 16 characters, since other machines reach the workshop: it can make the shop slow',
  })
export type WorkshopConfig = z.output<typeof WorkshopConfig>

/** The address that is reached from outside: inside a container every address is, and the published one counts. */
const openAddressOf = (config: { HOST: string; PUBLISHED_PORT?: number | undefined; BIND_ADDRESS: string }): string =>
  config.PUBLISHED_PORT === undefined ? config.HOST : config.BIND_ADDRESS

/** Whom the doors ask for the token: nobody where only this machine gets in. */
export function doorsOf(config: WorkshopConfig): { port: number; token?: string }[] {
  const { WORKSHOP_TOKEN: token, PUBLISHED_PORT, PORT, PORT_BASE } = config
  const asked = token === undefined || isLoopback(openAddressOf(config)) ? {} : { token }
  const port = PORT ?? portOf('workshop', PORT_BASE)
  return PUBLISHED_PORT === undefined ? [{ port, ...asked }] : [{ port }, { port: PUBLISHED_PORT, ...asked }]
}

export const CliConfig = z.object({
  ...shared,
  WORKSHOP_URL: httpUrl.optional().describe('The workshop service; the local one when absent'),
  WORKSHOP_TOKEN: z.string().optional().describe('The token of a workshop that asks for one'),
  AUDIT_DATABASE_URL: postgresUrl.optional().describe("Postgres, under the auditor's role; the local one when absent"),
  COLLECTOR_URL: httpUrl
    .optional()
    .describe('Health check of the Collector; its port 13133 inside the stack when absent'),
  BANK_URL: httpUrl.optional().describe('The bank, for its ledger; the local one when absent'),
})
export type CliConfig = z.output<typeof CliConfig>

const local = (name: PortName, base: number): string => `http://127.0.0.1:${portOf(name, base)}`

export const apiUrlOf = (config: { API_URL?: string | undefined; PORT_BASE: number }): URL =>
  new URL(config.API_URL ?? local('api', config.PORT_BASE))

export const viewerUrlOf = (config: { VIEWER_URL?: string | undefined; PORT_BASE: number }): URL =>
  new URL(config.VIEWER_URL ?? local('viewer', config.PORT_BASE))

export const workshopUrlOf = (config: CliConfig): URL =>
  new URL(config.WORKSHOP_URL ?? local('workshop', config.PORT_BASE))

export const bankUrlOf = (config: CliConfig): URL => new URL(config.BANK_URL ?? local('bank', config.PORT_BASE))

/** The role's password is public; without a URL only this machine's own database is meant. */
export const auditUrlOf = ({ AUDIT_DATABASE_URL, PORT_BASE }: CliConfig): string =>
  AUDIT_DATABASE_URL ?? `postgres://auditor:auditor@127.0.0.1:${portOf('postgres', PORT_BASE)}/shop`

/** Ports on which the stack's programs listen, and on which compose publishes them. */
const stackPorts = { prometheus: 9090, loki: 3100, tempo: 3200, jaeger: 16686, zipkin: 9411, grafana: 3000 } as const

/** Inside the stack (`SOURCE=stack`) programs are found by name, outside on the ports of this machine. */
export function inStack(program: keyof typeof stackPorts, config: Pick<CliConfig, 'SOURCE' | 'PORT_BASE'>): URL {
  const { SOURCE, PORT_BASE } = config
  const port = stackPorts[program]
  return new URL(SOURCE === 'stack' ? `http://${program}:${port}` : `http://127.0.0.1:${port + PORT_BASE}`)
}

/** A command of this program as it is typed where it runs: `slow trace --slowest`, or `npm run trace -- --slowest`. */
export const typed = ({ SOURCE }: Pick<CliConfig, 'SOURCE'>, command: string, rest: string): string =>
  SOURCE === 'stack' ? `slow ${command} ${rest}` : `npm run ${command} -- ${rest}`

/** Where changes are marked. Without the stack there is no Grafana. */
export function grafanaOf(config: Pick<CliConfig, 'SOURCE' | 'PORT_BASE' | 'GRAFANA_URL'>): URL | undefined {
  if (config.GRAFANA_URL !== undefined) return new URL(config.GRAFANA_URL)
  return config.SOURCE === 'stack' ? inStack('grafana', config) : undefined
}

type StackConfig = Pick<
  CliConfig,
  'SOURCE' | 'PORT_BASE' | 'PROMETHEUS_URL' | 'LOKI_URL' | 'TRACES_BACKEND' | 'TRACES_URL'
>

/** Where the backends of the stack are. */
export function stackOf(config: StackConfig): { backend: TraceBackend; traces: URL; prometheus: URL; loki: URL } {
  const { TRACES_BACKEND: backend, TRACES_URL, PROMETHEUS_URL, LOKI_URL } = config
  const url = (given: string | undefined, program: keyof typeof stackPorts) =>
    given === undefined ? inStack(program, config) : new URL(given)
  return {
    backend,
    traces: url(TRACES_URL, backend),
    prometheus: url(PROMETHEUS_URL, 'prometheus'),
    loki: url(LOKI_URL, 'loki'),
  }
}

export function instancesOf({
  SERVICE_URLS,
  PORT_BASE,
}: Pick<WorkshopConfig, 'SERVICE_URLS' | 'PORT_BASE'>): readonly Instance[] {
  const healthUrl = (name: PortName) => `${local(name, PORT_BASE)}/healthz`
  return (
    SERVICE_URLS ?? [
      { name: 'api', healthUrl: healthUrl('api') },
      { name: 'inventory', healthUrl: healthUrl('inventory') },
      { name: 'payment-1', healthUrl: healthUrl('payment') },
      { name: 'payment-2', healthUrl: healthUrl('payment2') },
      { name: 'pricing', healthUrl: healthUrl('pricing') },
      { name: 'world', healthUrl: healthUrl('bank') },
    ]
  )
}

// What the workshop service and its command line read from the environment.
import { z } from 'zod'
import { portBase, portOf } from '../kit/config.ts'
import type { PortName } from '../kit/ports.ts'
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
}

export const WorkshopConfig = z.object({
  ...shared,
  HOST: z.string().default('127.0.0.1').describe('Address to listen on'),
  PORT: z.coerce.number().int().min(0).max(65_535).optional().describe('TCP port to listen on; 0 picks a free one'),
  FLAGS_FILE: z.string().min(1).describe("Flag file in flagd's JSON schema, written here and polled by the services"),
  SERVICE_URLS: instances
    .optional()
    .describe('Health checks of every service instance, as name=url,name=url; the local ones when absent'),
})
export type WorkshopConfig = z.output<typeof WorkshopConfig>

export const CliConfig = z.object({
  ...shared,
  WORKSHOP_URL: httpUrl.optional().describe('The workshop service; the local one when absent'),
  AUDIT_DATABASE_URL: postgresUrl.optional().describe("Postgres, under the auditor's role; the local one when absent"),
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

export function instancesOf({ SERVICE_URLS, PORT_BASE }: WorkshopConfig): readonly Instance[] {
  const healthUrl = (name: PortName) => `${local(name, PORT_BASE)}/healthz`
  return (
    SERVICE_URLS ?? [
      { name: 'api', healthUrl: healthUrl('api') },
      { name: 'inventory', healthUrl: healthUrl('inventory') },
      { name: 'payment-1', healthUrl: healthUrl('payment') },
      { name: 'payment-2', healthUrl: healthUrl('payment2') },
      { name: 'pricing', healthUrl: healthUrl('pricing') },
    ]
  )
}

// Configuration: one zod object per process, read once in main.ts, refused with every problem listed.
import { z } from 'zod'
import { type PortName, ports } from './ports.ts'

type Environment = Record<string, string | undefined>

/** Thrown by `loadConfig`; its message lists every problem, one line each. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/**
 * Parses the environment with a process's schema. An empty variable counts as one that is not set.
 * @throws ConfigError naming each variable, the value it had and what was expected.
 */
export function loadConfig<S extends z.ZodType>(schema: S, env: Environment): z.output<S> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => {
    const name = issue.path.join('.')
    return `  ${name} ${found(name, given[name])}: ${issue.message}`
  })
  throw new ConfigError(`The configuration has ${problems.length} problem(s):\n${problems.join('\n')}`)
}

/** Start-up messages end up in logs: what may hold a secret is not repeated there. */
function found(name: string, value: string | undefined): string {
  if (value === undefined) return 'is not set'
  const mayBeSecret = /SECRET|PASSWORD|TOKEN/.test(name) || /:\/\/[^/]*@/.test(value)
  return mayBeSecret ? 'has a value that is not shown here' : `is ${JSON.stringify(value)}`
}

/** `PORT_BASE`: added to every default port. */
export const portBase = z.coerce
  .number()
  .int()
  .min(0)
  .max(50_000)
  .default(0)
  .describe('Added to every default port, so that two checkouts of the project run side by side')

/** The port a process listens on when none is given: its default plus `PORT_BASE`. */
export const portOf = (name: PortName, base: number): number => ports[name] + base

/** A comma-separated list of base URLs: peers are lists, even when there is one. */
export const urlList = z
  .string()
  .transform((text) => text.split(',').map((item) => item.trim()))
  .pipe(z.array(z.url({ protocol: /^https?$/, error: 'expected a comma-separated list of http(s) URLs' })).min(1))

/** What every service of the shop reads. Spread into its own schema: `z.object({ ...serviceConfig, … })`. */
export const serviceConfig = {
  HOST: z.string().default('127.0.0.1').describe('Address to listen on'),
  PORT: z.coerce.number().int().min(0).max(65_535).describe('TCP port to listen on; 0 picks a free one'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).describe("Postgres, under this service's own role"),
  DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(200).default(10).describe('Connections in the pool'),
  FLAGS_FILE: z.string().min(1).describe("Flag file in flagd's JSON schema, polled every 300 ms"),
}

// Who may do what in the shop's database: a role and a schema for each service, an auditor who only reads, an observer who
// only watches. Nobody but the owner creates objects.
import type { Client } from 'pg'
import pg from 'pg'
import { serviceNames } from '../../services/kit/telemetry/names.ts'

export type Passwords = Record<string, string | undefined>

const services = serviceNames.map((name) => ({ name, ownsSchema: true, extra: [] as string[] }))

/** Every role that logs in. A service's role owns nothing; it may change rows in the schema of its name. */
export const roles: readonly { name: string; ownsSchema: boolean; extra: string[] }[] = [
  ...services,
  {
    name: 'auditor',
    ownsSchema: false,
    extra: ['GRANT pg_read_all_data TO auditor', 'ALTER ROLE auditor SET default_transaction_read_only = on'],
  },
  { name: 'observer', ownsSchema: false, extra: ['GRANT pg_monitor TO observer'] },
]

export type RoleOptions = { passwords: Passwords; isLoopback: boolean }

/** Creates roles, schemas and rights that are missing. Throws a sentence when a password is missing off loopback. */
export async function createRoles(client: Client, { passwords, isLoopback: mayDefault }: RoleOptions): Promise<void> {
  const missing = roles
    .filter(({ name }) => passwords[name] === undefined)
    .map(({ name }) => `${name.toUpperCase()}_PASSWORD`)
  if (missing.length > 0 && !mayDefault)
    throw new Error(
      `Set ${missing.join(', ')}: only a database on loopback may have passwords that are the roles' names.`,
    )
  const { rows } = await client.query<{ rolname: string }>('SELECT rolname FROM pg_roles')
  const existing = new Set(rows.map((row) => row.rolname))
  const statements = roles.flatMap((role) => [
    ...rolesStatements(role.name, existing.has(role.name), passwords[role.name]),
    ...(role.ownsSchema ? schemaStatements(role.name) : []),
    ...role.extra,
  ])
  await client.query(statements.join(';\n'))
}

/** Whether a connection URL stays on this machine. */
export function isLoopback(url: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[?::1\]?)$/.test(new URL(url).hostname)
}

/** Hashing a password takes 5 ms on purpose, so one that nobody gave is set only once. */
function rolesStatements(name: string, exists: boolean, password: string | undefined): string[] {
  const create = exists ? [] : [`CREATE ROLE ${name} LOGIN PASSWORD ${pg.escapeLiteral(password ?? name)}`]
  const change = exists && password !== undefined ? [`ALTER ROLE ${name} PASSWORD ${pg.escapeLiteral(password)}`] : []
  return [...create, ...change]
}

/** The owner creates tables in a service's schema; default privileges hand them to the service. */
function schemaStatements(name: string): string[] {
  return [
    `CREATE SCHEMA IF NOT EXISTS ${name}`,
    `GRANT USAGE ON SCHEMA ${name} TO ${name}`,
    `ALTER DEFAULT PRIVILEGES IN SCHEMA ${name} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${name}`,
    `ALTER DEFAULT PRIVILEGES IN SCHEMA ${name} GRANT USAGE, SELECT ON SEQUENCES TO ${name}`,
    `ALTER ROLE ${name} SET search_path = ${name}`,
  ]
}

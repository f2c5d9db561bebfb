// The passwords of a stack: drawn once, kept in a volume, gone with it. A folder for each container that needs any.
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { roles } from '../postgres/roles.ts'

/** Content of files, by container and file name. A container mounts its own folder: no service has another's password. */
export type Secrets = Record<string, Record<string, string>>

export function secretsFor(draw: () => string, grafanaAdmin = draw()): Secrets {
  const passwords = new Map(['postgres', ...roles.map(({ name }) => name)].map((name) => [name, draw()]))
  const url = (role: string) => `postgres://${role}:${passwords.get(role)}@postgres:5432/shop`
  const rolePasswords = roles.map(({ name }) => [`${name.toUpperCase()}_PASSWORD`, passwords.get(name) ?? ''])
  return {
    postgres: { password: passwords.get('postgres') ?? '' },
    migrate: envFile({ MIGRATE_URL: url('postgres'), ...Object.fromEntries(rolePasswords) }),
    api: envFile({ DATABASE_URL: url('api'), SESSION_SECRET: draw() }),
    inventory: envFile({ DATABASE_URL: url('inventory') }),
    payment: envFile({ DATABASE_URL: url('payment') }),
    pricing: envFile({ DATABASE_URL: url('pricing') }),
    observer: envFile({ OBSERVER_URL: url('observer') }),
    workshop: envFile({ AUDIT_DATABASE_URL: url('auditor') }),
    grafana: { 'admin-password': grafanaAdmin },
  }
}

/** Writes all of them, or none when they are there: the database was made with those. True when they are new. */
export async function writeSecrets(folder: string, secrets: Secrets): Promise<boolean> {
  const mark = join(folder, 'complete')
  if (await exists(mark)) return false
  for (const [container, files] of Object.entries(secrets)) {
    const target = join(folder, container)
    await rm(target, { recursive: true, force: true })
    await mkdir(`${target}.new`, { recursive: true })
    // Readable by every user: containers run as users of their own, and see nothing but their folder.
    for (const [name, content] of Object.entries(files)) await writeFile(join(`${target}.new`, name), content)
    await rename(`${target}.new`, target)
  }
  await writeFile(mark, '')
  return true
}

/** For `node --env-file`. */
const envFile = (values: Record<string, string>) => ({
  env: Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join(''),
})

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

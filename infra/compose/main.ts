// The first container of `docker compose up`: draws every password, so that there is nothing to configure and no secret
// that two installations share.
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { loadConfig } from '../../services/kit/config.ts'
import { isPublished } from './ports.ts'
import { secretsFor, writeSecrets } from './secrets.ts'

export const PrepareConfig = z.object({
  SECRETS_DIR: z.string().min(1).describe('Folder for the passwords'),
  BIND_ADDRESS: z.string().default('127.0.0.1').describe('Where the ports of the containers are published'),
  GRAFANA_ADMIN_PASSWORD: z.string().min(8).optional().describe("Password of Grafana's admin; drawn when absent"),
})

if (import.meta.main) {
  try {
    const config = loadConfig(PrepareConfig, process.env)
    const draw = () => randomBytes(24).toString('base64url')
    const isNew = await writeSecrets(config.SECRETS_DIR, secretsFor(draw, config.GRAFANA_ADMIN_PASSWORD ?? draw()))
    console.log(isNew ? 'Passwords drawn.' : 'Passwords are there already.')
    if (isPublished(config.BIND_ADDRESS))
      console.warn(
        `WARNING: ports are published on ${config.BIND_ADDRESS}. Whoever reaches this machine can read and write the shop's telemetry, and buy.`,
      )
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}

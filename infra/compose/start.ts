// `npm run up` and `npm run down`: docker compose, with PORT_BASE turned into the variables it knows. Without PORT_BASE it is
// the same as `docker compose up -d --wait --build --remove-orphans` and `docker compose down`.
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { z } from 'zod'
import { ConfigError, loadConfig, portBase } from '../../services/kit/config.ts'
import { composeEnv, isPublished, projectAt, publishedPorts } from './ports.ts'

export const UpConfig = z.object({
  PORT_BASE: portBase,
  BIND_ADDRESS: z.string().default('127.0.0.1').describe("Where the containers' ports are published"),
})

const commands: Record<string, string[]> = {
  up: ['up', '--detach', '--wait', '--build', '--remove-orphans'],
  down: ['down'],
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2))

function main([name = '', ...more]: string[]): number {
  const command = commands[name]
  if (command === undefined) {
    console.error('Expected up or down.')
    return 2
  }
  try {
    const { PORT_BASE: base, BIND_ADDRESS: address } = loadConfig(UpConfig, process.env)
    const options = { cwd: resolve(import.meta.dirname, '../..'), stdio: 'inherit' } as const
    const env = { ...composeEnv(base), ...process.env }
    const { status, error } = spawnSync('docker', ['compose', ...command, ...more], { ...options, env })
    if (error) throw new Error(`docker could not be run (${error.message}). \`npm start\` needs none.`)
    if (status === 0 && name === 'up') console.log(welcome(base, address))
    return status ?? 1
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return error instanceof ConfigError ? 2 : 1
  }
}

function welcome(base: number, address: string): string {
  const url = (name: keyof typeof publishedPorts) => `http://localhost:${publishedPorts[name] + base}`
  const project = base === 0 ? '' : ` -p ${projectAt(base)}`
  return [
    '',
    `  Grafana    ${url('GRAFANA_PORT')}`,
    `  workshop   ${url('WORKSHOP_PORT')}   docker compose${project} exec workshop slow --help`,
    `  the shop   ${url('API_PORT')}`,
    ...(isPublished(address)
      ? ['', `  WARNING: ports are published on ${address}: whoever reaches them reads and writes telemetry, and buys.`]
      : []),
  ].join('\n')
}

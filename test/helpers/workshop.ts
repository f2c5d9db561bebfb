// A workshop service of its own for a test, and services that acknowledge its flag file or do not.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import pino from 'pino'
import { onTestFinished } from 'vitest'
import { revisionOf } from '../../services/kit/flags/watch.ts'
import { slo } from '../../services/kit/slo.ts'
import type { Instance } from '../../services/workshop/acknowledge.ts'
import { buildApp } from '../../services/workshop/app.ts'
import { workshopClient } from '../../services/workshop/client.ts'
import { createDrills } from '../../services/workshop/drills/drills.ts'
import { openFaults } from '../../services/workshop/faults.ts'
import { createLoads } from '../../services/workshop/loads.ts'
import { createRuns } from '../../services/workshop/runs.ts'
import { scenarios } from '../../services/workshop/scenarios/index.ts'
import { serve } from '../../services/workshop/serve.ts'
import { shopFlags } from '../../services/workshop/shop-flags.ts'
import type { Telemetry } from '../../services/workshop/telemetry.ts'
import { createTrafficGate } from '../../services/workshop/traffic.ts'
import { telemetryOf } from './telemetry.ts'
import { makeTempFolder } from './temp-folder.ts'

type HealthOf = () => object | Promise<object>

/** Something that answers health checks. */
export async function startHealth(name: string, healthOf: HealthOf): Promise<Instance> {
  const server = createServer(async (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(await healthOf()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { name, healthUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/healthz` }
}

/** A service that reads the flag file whenever it is asked. */
export const startAttentiveService = (name: string, file: string): Promise<Instance> =>
  startHealth(name, async () => ({ status: 'ok', service: name, revision: revisionOf(await readFile(file, 'utf8')) }))

/** A service that never reads it again. */
export const startStuckService = (name: string): Promise<Instance> =>
  startHealth(name, () => ({ status: 'ok', service: name, revision: 'old' }))

export type WorkshopOptions = {
  /** Instances besides an attentive one. */
  instances?: Instance[]
  target?: URL
  /** The checkouts since the scenario was armed, whatever is armed. */
  search?: () => Promise<{ durationMs: number }[]>
  loadSeconds?: number
  silentAfterMs?: number
  telemetry?: Telemetry
  /** How long a fix is watched, and how often. */
  drillOptions?: { settleSeconds?: number; watchSeconds?: number; lookEveryMs?: number }
}

/** A workshop on a free port with its own flag file and one attentive service, stopped with the test. */
export async function startWorkshop(options: WorkshopOptions = {}) {
  const {
    instances = [],
    target = new URL('http://127.0.0.1:9'),
    search = async () => [],
    loadSeconds = 2,
    silentAfterMs = 10_000,
    telemetry = telemetryOf(),
    drillOptions = {},
  } = options
  const file = join(await makeTempFolder(), 'flags.json')
  const all = [await startAttentiveService('inventory', file), ...instances]
  const faults = openFaults({ file, flags: shopFlags, instances: all, acknowledgeWithinMs: 300 })
  await faults.prepare()
  const traffic = createTrafficGate()
  const count = async () => {
    const found = await search()
    return { checkouts: found.length, slow: found.filter(({ durationMs }) => durationMs > slo.thresholdMs).length }
  }
  const runs = createRuns({ faults, traffic, target, count, loadSeconds, lookEveryMs: 50 })
  const loads = createLoads({ faults, traffic, runs, silentAfterMs })
  const traceUrl = (traceId: string) => `http://viewer/trace/${traceId}`
  const drills = createDrills({ runs, faults, telemetry, scenarios, traceUrl, ...drillOptions })
  const app = await buildApp({
    faults,
    traffic,
    runs,
    loads,
    drills,
    telemetry,
    traceUrl,
    lookPage: { name: 'Viewer', url: ({ fromMs, toMs }) => `http://viewer/?from=${fromMs}&to=${toMs}` },
    target,
    scenarios,
    log: pino({ level: 'silent' }),
  })
  const served = await serve(app, { host: '127.0.0.1', port: 0 })
  onTestFinished(async () => {
    await loads[Symbol.asyncDispose]()
    await runs[Symbol.asyncDispose]()
    await served[Symbol.asyncDispose]()
  })
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const response = await fetch(served.url + path, { method, headers: { ...type, ...headers }, ...sent })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  return { url: served.url, file, call, client: workshopClient(new URL(served.url)) }
}

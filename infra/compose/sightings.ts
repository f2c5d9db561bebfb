// SPOILERS. Runs scenarios in a stack that is up and writes down where Grafana shows each first, and which alerts fire when.
// npm run sightings (every scenario, some 30 minutes, into services/workshop/SIGHTINGS.md), or -- ID … for single ones
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { Backends } from '../../grafana/ask.ts'
import { ConfigError, loadConfig, portBase } from '../../services/kit/config.ts'
import { type WorkshopClient, workshopClient } from '../../services/workshop/client.ts'
import type { Scenario } from '../../services/workshop/scenario.ts'
import { scenarioNamed, scenarios } from '../../services/workshop/scenarios/index.ts'
import { urlOf } from './ports.ts'
import { firingAlerts } from './sightings/alerts.ts'
import { type Measured, measured } from './sightings/panel.ts'
import { row, type Sighting, tableOf } from './sightings/table.ts'

const Config = z.object({ PORT_BASE: portBase })

/** How long the shop is looked at before and during a scenario. The second is the time an alert has to fire. */
const calmSeconds = 25
const armedSeconds = 75
/** How long alerts may take to notice that all is calm again. */
const quietWithinSeconds = 180

type Lab = { client: WorkshopClient; backends: Backends }

async function sighted(scenario: Scenario, { client, backends }: Lab): Promise<Sighting> {
  await quiet(backends)
  const calm = await during(calmSeconds * 1000)
  await client.start(scenario.id, 1)
  const armedAtMs = Date.now()
  const firedAfterSeconds = new Map<string, number>()
  while (Date.now() < armedAtMs + armedSeconds * 1000) {
    for (const name of await firingAlerts(backends.prometheus))
      if (!firedAfterSeconds.has(name)) firedAfterSeconds.set(name, Math.round((Date.now() - armedAtMs) / 1000))
    await sleep(1000)
  }
  const armed = { fromMs: armedAtMs + 5000, toMs: Date.now() }
  await client.reset()
  const { seen } = scenario
  const panel: Measured | undefined =
    seen.panel === undefined ? undefined : await measured(seen.panel, { calm, armed }, backends)
  return { scenario, panel, firedAfterSeconds }
}

async function during(forMs: number) {
  const fromMs = Date.now()
  await sleep(forMs)
  return { fromMs, toMs: Date.now() }
}

/** @throws Error naming the alerts that go on firing although nothing is armed. */
async function quiet({ prometheus }: Backends): Promise<void> {
  const until = Date.now() + quietWithinSeconds * 1000
  for (;;) {
    const firing = await firingAlerts(prometheus)
    if (firing.length === 0) return
    if (Date.now() > until)
      throw new Error(`${firing.join(', ')} still firing ${quietWithinSeconds} s after the reset.`)
    await sleep(2000)
  }
}

async function main(ids: string[], base: number): Promise<number> {
  const wanted = ids.length === 0 ? scenarios : ids.map((id) => scenarioNamed(id))
  const url = (port: Parameters<typeof urlOf>[0]) => new URL(urlOf(port, base))
  const backends = { prometheus: url('PROMETHEUS_PORT'), loki: url('LOKI_PORT'), tempo: url('TEMPO_PORT') }
  const lab = { client: workshopClient(url('WORKSHOP_PORT')), backends }
  await lab.client.reset()
  const sightings: Sighting[] = []
  for (const [index, scenario] of wanted.entries()) {
    console.error(`[${index + 1}/${wanted.length}] ${scenario.id}`)
    const sighting = await sighted(scenario, lab)
    console.error(row(sighting).text)
    sightings.push(sighting)
  }
  const { text, failures } = tableOf(sightings)
  if (ids.length === 0) await writeFile(resolve(import.meta.dirname, '../../services/workshop/SIGHTINGS.md'), text)
  for (const failure of failures) console.error(failure)
  return failures.length === 0 ? 0 : 1
}

if (import.meta.main) {
  try {
    const { positionals } = parseArgs({ allowPositionals: true })
    process.exitCode = await main(positionals, loadConfig(Config, process.env).PORT_BASE)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = error instanceof ConfigError ? 2 : 1
  }
}

// SPOILERS. Runs scenarios in a stack that is up and writes down where Grafana shows each first, and which alerts fire when.
// npm run sightings (every scenario, some 45 minutes, into services/workshop/SIGHTINGS.md), or -- ID … for the rows of those
import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { Backends } from '../../grafana/ask.ts'
import { type PublishedPort, urlOf } from '../../infra/compose/ports.ts'
import { ConfigError, loadConfig, portBase } from '../../services/kit/config.ts'
import { type WorkshopClient, workshopClient } from '../../services/workshop/client.ts'
import { startLoad } from '../../services/workshop/runs.ts'
import type { Scenario } from '../../services/workshop/scenario.ts'
import { scenarioNamed, scenarios } from '../../services/workshop/scenarios/index.ts'
import { firingAlerts } from './sightings/alerts.ts'
import { measured, type Windows } from './sightings/panel.ts'
import { row, rowsOf, type Sighting, tableOf } from './sightings/table.ts'

const Config = z.object({ PORT_BASE: portBase })
const file = resolve(import.meta.dirname, '../../services/workshop/SIGHTINGS.md')

/** What a panel shows is compared over windows of this length: of the incident the end, where it heals by itself the beginning. */
const windowSeconds = 60
/** The time that an alert has to fire. */
const armedSeconds = 90
/** Panels look back so far: before that, a calm window would still show how things were before it. */
const lookBackSeconds = 35
/** How long alerts may take to notice that all is calm again. */
const quietWithinSeconds = 240

type Lab = { client: WorkshopClient; backends: Backends; api: URL; signal: AbortSignal }
const say = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)}  ${line}`)

async function sighted(scenario: Scenario, calm: Windows['calm'], lab: Lab): Promise<Sighting> {
  try {
    say('  waits until no alert fires')
    await quiet(lab)
    const { window, ...seen } = await armed(scenario, lab)
    await lab.client.reset()
    const { panel } = scenario.seen
    return {
      scenario,
      ...seen,
      panel: panel && (await measured(panel, { calm, armed: window }, lab.backends)),
    }
  } finally {
    // Once more where something went wrong; that is what is reported then.
    await lab.client.reset().catch(() => {})
  }
}

/**
 * Two windows with as many checkouts as an incident has, so that nothing differs but what is armed.
 * @throws Error when an alert fires meanwhile: what is calm here would be none
 */
async function calmWindows(lab: Lab): Promise<Windows['calm']> {
  await using _load = startLoad({}, 2, lab.api)
  say('waits until no alert fires')
  await Promise.all([quiet(lab), sleep(lookBackSeconds * 1000, undefined, { signal: lab.signal })])
  say(`looks at two calm windows of ${windowSeconds} s`)
  const fromMs = Date.now()
  const fired = await firedWithin(2 * windowSeconds, lab)
  if (fired.size > 0) throw new Error(`${[...fired.keys()].join(', ')} fired although nothing was armed.`)
  const window = (index: number) => ({
    fromMs: fromMs + index * windowSeconds * 1000,
    toMs: fromMs + (index + 1) * windowSeconds * 1000,
  })
  return [window(0), window(1)]
}

async function armed({ id, control, lastsSeconds }: Scenario, lab: Lab) {
  await lab.client.start(id, 1)
  while ((await lab.client.current())?.state === 'arming') await sleep(200, undefined, { signal: lab.signal })
  const armedMs = Date.now()
  say(`  armed, looks for ${armedSeconds} s`)
  const firedAfterSeconds = await firedWithin(armedSeconds, lab)
  const windowMs = windowSeconds * 1000
  // Once everything has set in; what heals by itself is over by then.
  const fromMs = lastsSeconds === undefined ? Date.now() - windowMs : armedMs
  const run = await lab.client.current()
  const isOver = run?.state === 'failed' || (run?.state === 'no impact' && control === undefined)
  return {
    window: { fromMs, toMs: fromMs + windowMs },
    firedAfterSeconds,
    ...(isOver ? { complaint: run.says ?? run.state } : {}),
  }
}

/** Alerts that fire within so long from now on, with the seconds until each did. */
async function firedWithin(seconds: number, { backends, signal }: Lab): Promise<Map<string, number>> {
  const fromMs = Date.now()
  const fired = new Map<string, number>()
  while (Date.now() < fromMs + seconds * 1000) {
    for (const name of await firingAlerts(backends.prometheus))
      if (!fired.has(name)) fired.set(name, Math.round((Date.now() - fromMs) / 1000))
    await sleep(1000, undefined, { signal })
  }
  return fired
}

/** @throws Error naming the alerts that go on firing although nothing is armed. */
async function quiet({ backends, signal }: Lab): Promise<void> {
  const until = Date.now() + quietWithinSeconds * 1000
  for (;;) {
    const firing = await firingAlerts(backends.prometheus)
    if (firing.length === 0) return
    if (Date.now() > until)
      throw new Error(`${firing.join(', ')} still firing after ${quietWithinSeconds} s in which nothing was armed.`)
    await sleep(2000, undefined, { signal })
  }
}

/** Measures them one after the other. What one of them does not let be measured is a sentence, and the next one has its turn. */
async function all(wanted: readonly Scenario[], lab: Lab): Promise<string[]> {
  const failures: string[] = []
  const rows = rowsOf(await readFile(file, 'utf8').catch(() => ''))
  const calm = await calmWindows(lab)
  for (const [index, scenario] of wanted.entries()) {
    if (lab.signal.aborted) break
    say(`[${index + 1}/${wanted.length}] ${scenario.id}`)
    try {
      const found = row(await sighted(scenario, calm, lab))
      rows.set(scenario.id, found.text)
      failures.push(...found.failures)
      say(found.text)
    } catch (error) {
      rows.delete(scenario.id)
      failures.push(`${scenario.id}: ${lab.signal.aborted ? 'interrupted' : (error as Error).message}`)
      say(failures.at(-1) ?? '')
    }
    await writeFile(file, tableOf(scenarios.flatMap(({ id }) => rows.get(id) ?? [])))
  }
  return failures
}

async function main(ids: string[], base: number): Promise<number> {
  const wanted = ids.length === 0 ? scenarios : ids.map((id) => scenarioNamed(id))
  const url = (port: PublishedPort) => new URL(urlOf(port, base))
  const backends = { prometheus: url('PROMETHEUS_PORT'), loki: url('LOKI_PORT'), tempo: url('TEMPO_PORT') }
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  const lab = { client: workshopClient(url('WORKSHOP_PORT')), backends, api: url('API_PORT'), signal: stop.signal }
  await lab.client.reset()
  const failures = await all(wanted, lab)
  for (const failure of failures) console.error(failure)
  console.error(`${wanted.length} looked for; ${failures.length || 'nothing'} not as declared`)
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

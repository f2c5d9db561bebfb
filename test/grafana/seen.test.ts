// What scenarios say about Grafana names panels, series, variables and alerts that exist.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { expect, test } from 'vitest'
import { alerts } from '../../grafana/alerts/index.ts'
import { askedBy, panelsOf } from '../../grafana/asked.ts'
import { dashboards, generatedFiles } from '../../grafana/dashboards.ts'
import { variablesOf } from '../../grafana/filled.ts'
import { ports } from '../../services/kit/ports.ts'
import { issuers } from '../../services/kit/seed.ts'
import { serviceNames } from '../../services/kit/telemetry/names.ts'
import type { PanelPlace } from '../../services/workshop/scenario.ts'
import { scenarios } from '../../services/workshop/scenarios/index.ts'
import { rowsOf } from '../compose/sightings/table.ts'
import { tellingIn, tellingWords } from '../helpers/telling-words.ts'

test('every scenario is seen first in a panel that exists, but for one in which nothing happens', () => {
  for (const { id, control, seen } of scenarios) {
    if (control === 'nothing') expect(seen.panel, id).toBeUndefined()
    else {
      const { dashboard, panel } = placeOf(seen.panel)
      expect(panel, `${id}: ${seen.panel?.panel}`).toBeDefined()
      const variables = dashboard === undefined ? [] : variablesOf(dashboard).map(({ name }) => name)
      expect(variables, id).toEqual(expect.arrayContaining(Object.keys(seen.panel?.at ?? {})))
    }
  }
})

test('the series in which it is seen is one that the panel can have, and what is too little to be seen has a size', () => {
  for (const { id, seen } of scenarios.filter((scenario) => scenario.seen.panel !== undefined)) {
    const { series = '', least, falls } = seen.panel ?? {}
    const { dashboard, panel } = placeOf(seen.panel)
    const legends = askedBy(dashboard as Dashboard).flatMap(({ place, legend }) =>
      place === panel?.title ? [legend] : [],
    )
    const named = legends.flatMap((legend) => labelsIn(legend, series))
    expect(named, `${id}: "${series}" among ${legends.join(' · ')}`).toHaveLength(1)
    for (const [label, value] of Object.entries(named[0] ?? {}))
      expect(known[label] ?? [value], `${id}: ${label}`).toContain(value)
    // Of durations half of what a checkout may take is assumed.
    if (panel?.fieldConfig?.defaults.unit !== 's') expect(least !== undefined || falls === true, id).toBe(true)
  }
})

const placeOf = (place: PanelPlace | undefined) => {
  const dashboard = dashboards.find(({ uid }) => uid === place?.dashboard)
  return { dashboard, panel: dashboard && panelsOf(dashboard).find(({ title }) => title === place?.panel) }
}

/** The labels that make a legend read so; none when it never does. */
function labelsIn(legend: string, series: string): Record<string, string>[] {
  const parts = legend.split(/\{\{\s*(\w+)\s*\}\}/)
  const pattern = parts.map((part, index) => (index % 2 === 0 ? literally(part) : `(?<${part}>.+?)`)).join('')
  const match = new RegExp(`^${pattern}$`).exec(series)
  return match === null ? [] : [{ ...match.groups }]
}

const literally = (text: string) => text.replaceAll(/[^\w\s]/g, '\\$&')

const read = (path: string) => readFileSync(resolve(import.meta.dirname, '../..', path), 'utf8')
const found = (path: string, pattern: RegExp) => [...read(path).matchAll(pattern)].map(([, value]) => value ?? '')

/** What labels can say, where that is written down somewhere. */
const known: Record<string, readonly string[]> = {
  service_name: serviceNames,
  postgresql_user: serviceNames,
  service_instance_id: found('docker-compose.yml', /service\.instance\.id=([\w-]+)/g),
  server_address: found('docker-compose.yml', /^ {2}([\w-]+):$/gm),
  server_port: Object.values(ports).map(String),
  shop_bank_part: ['own', 'way'],
  shop_card_issuer: issuers.map(({ name }) => name),
  error_type: ['payment', 'inventory'].flatMap((service) => found(`services/${service}/errors.ts`, /code = '(\w+)'/g)),
}

test('every scenario fires alerts with workshop windows that exist, or says why none should', () => {
  const fireInTime = alerts.filter(({ window }) => window === 'workshop').map(({ name }) => name)
  for (const { id, seen } of scenarios) {
    expect(fireInTime, id).toEqual(expect.arrayContaining([...seen.alerts, ...(seen.mayFire ?? [])]))
    expect(seen.alerts.length > 0, `${id}: alerts, or because`).toBe(seen.because === undefined)
  }
})

const sightings = rowsOf(read('services/workshop/SIGHTINGS.md'))

test('every scenario has been looked for in a running stack, and was seen as it says', () => {
  expect([...sightings.keys()]).toEqual(scenarios.map(({ id }) => id))
  for (const { id, seen } of scenarios) {
    const [, place = '', , alertsThatFired = ''] = (sightings.get(id) ?? '').split(' | ')
    const { dashboard, panel, series } = seen.panel ?? {}
    expect(place).toBe(seen.panel === undefined ? '-' : `${dashboard} · ${panel} · ${series}`)
    for (const name of seen.alerts) expect(alertsThatFired, id).toMatch(new RegExp(`\\b${name} \\d+ s`))
    // What was not as declared.
    expect(alertsThatFired, id).not.toContain('**')
  }
})

/** Everyday words that are the id of a scenario, and those about the workshop itself, which everybody knows to be in one. */
const harmless = [...scenarios.map(({ id }) => id).filter((id) => !id.includes('-')), 'workshop']
/** The switch that says itself that it is one. */
const spoiler = 'Arm and reset (a spoiler)'

test('no dashboard and no alert has a word that gives a scenario away', () => {
  const text = Object.values(generatedFiles()).join('\n').replaceAll(spoiler, '')
  const telling = tellingWords.filter((word) => !harmless.includes(word))
  expect(telling).toContain('hot-product')
  expect(tellingIn(text, telling)).toEqual([])
})

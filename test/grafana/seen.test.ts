// What scenarios say about Grafana names panels, variables and alerts that exist.
import { expect, test } from 'vitest'
import { alerts } from '../../grafana/alerts/index.ts'
import { panelsOf } from '../../grafana/asked.ts'
import { dashboards, generatedFiles } from '../../grafana/dashboards.ts'
import { variablesOf } from '../../grafana/filled.ts'
import { scenarios } from '../../services/workshop/scenarios/index.ts'
import { tellingIn, tellingWords } from '../helpers/telling-words.ts'

test('every scenario is seen first in a panel that exists, but for one in which nothing happens', () => {
  for (const { id, control, seen } of scenarios) {
    if (control === 'nothing') expect(seen.panel, id).toBeUndefined()
    else {
      const dashboard = dashboards.find(({ uid }) => uid === seen.panel?.dashboard)
      expect(dashboard && panelsOf(dashboard).map(({ title }) => title), id).toContain(seen.panel?.panel)
      const variables = dashboard === undefined ? [] : variablesOf(dashboard).map(({ name }) => name)
      expect(variables, id).toEqual(expect.arrayContaining(Object.keys(seen.panel?.at ?? {})))
    }
  }
})

test('every scenario fires alerts with workshop windows that exist, or says why none should', () => {
  const known = alerts.filter(({ window }) => window === 'workshop').map(({ name }) => name)
  for (const { id, seen } of scenarios) {
    expect(known, id).toEqual(expect.arrayContaining(seen.alerts))
    expect(seen.alerts.length > 0, `${id}: alerts, or because`).toBe(seen.because === undefined)
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

// Sightings as a table in Markdown, and what is not as its scenario says.
import type { Scenario } from '../../../services/workshop/scenario.ts'
import { isTelling, type Measured } from './panel.ts'

export type Sighting = {
  scenario: Scenario
  panel: Measured | undefined
  firedAfterSeconds: ReadonlyMap<string, number>
}

export function tableOf(sightings: readonly Sighting[]): { text: string; failures: string[] } {
  const rows = sightings.map(row)
  const text = [
    '# Where each scenario is seen first',
    '',
    '<!-- Written by `npm run sightings` from a running stack. SPOILERS: this table is half of every answer. -->',
    '',
    'The panel that shows the cause first, with its largest value while all was calm and during the incident; and the alerts with',
    'workshop windows that fired, with the seconds from arming until then. `-`: none should, for the reason given.',
    '',
    '| scenario | dashboard · panel | calm → armed | alerts |',
    '| -------- | ----------------- | ------------ | ------ |',
    ...rows.map((each) => each.text),
    '',
  ].join('\n')
  return { text, failures: rows.flatMap((each) => each.failures) }
}

export function row({ scenario: { id, seen }, panel, firedAfterSeconds }: Sighting): {
  text: string
  failures: string[]
} {
  const fired = [...firedAfterSeconds].map(([name, seconds]) => `${name} ${seconds} s`)
  const missing = seen.alerts.filter((name) => !firedAfterSeconds.has(name))
  const unexpected = seen.alerts.length === 0 ? [...firedAfterSeconds.keys()] : []
  const where = seen.panel === undefined ? '-' : `${seen.panel.dashboard} · ${seen.panel.panel}`
  const values =
    panel === undefined ? '-' : `${withUnit(panel.calm, panel.unit)} → ${withUnit(panel.armed, panel.unit)}`
  const alerts = [fired.join(', ') || '-', ...(seen.because === undefined ? [] : [seen.because])].join(': ')
  return {
    text: `| ${id} | ${where} | ${values} | ${alerts} |`,
    failures: [
      ...missing.map((name) => `${id}: ${name} did not fire.`),
      ...unexpected.map((name) => `${id}: ${name} fired, and none should.`),
      ...(panel === undefined || isTelling(panel) ? [] : [`${id}: ${where} does not show it (${values}).`]),
    ],
  }
}

function withUnit(value: number, unit: string): string {
  if (unit === 's') return value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(2)} s`
  if (unit === 'percentunit') return `${(value * 100).toFixed(1)} %`
  const rounded = Number(value.toPrecision(3))
  return unit === 'reqps' || unit === 'ops' ? `${rounded}/s` : String(rounded)
}

// Sightings as rows of a table in Markdown, and what is not as its scenario says.
import type { Scenario } from '../../../services/workshop/scenario.ts'
import { faultsOf, type Measured } from './panel.ts'

export type Sighting = {
  scenario: Pick<Scenario, 'id' | 'seen'>
  /** Undefined where the scenario names no panel. */
  panel: Measured | undefined
  /** Alerts by their name, and how long after arming each fired. */
  firedAfterSeconds: ReadonlyMap<string, number>
  /** What the workshop complained of, such as that there was no impact. */
  complaint?: string
}

const header = [
  '# Where each scenario is seen first',
  '',
  '<!-- Written by `npm run sightings` from a running stack. SPOILERS: this table is half of every answer. -->',
  '',
  'The panel that shows the cause first, and its series: the largest value of two calm minutes and of one minute of the incident',
  '(the smallest, where it shows by falling), with as many checkouts in each. And the alerts with workshop windows that fired,',
  'with the seconds from arming until then. `-`: none should, for the reason given.',
  '',
  '| scenario | dashboard · panel · series | calm, calm → armed | alerts |',
  '| -------- | -------------------------- | ------------------ | ------ |',
]

/** The whole file. */
export const tableOf = (rows: readonly string[]): string => [...header, ...rows, ''].join('\n')

/** The rows of such a file by the scenario they are about. */
export const rowsOf = (text: string): Map<string, string> =>
  new Map(
    text
      .split('\n')
      .filter((line) => line.startsWith('| ') && !header.includes(line))
      .map((line) => [line.split(' ')[1] ?? '', line]),
  )

/** A sighting as a row, which says itself what is not as declared; the sentences name the scenario. */
export function row(sighting: Sighting): { text: string; failures: string[] } {
  const { scenario, panel, firedAfterSeconds } = sighting
  const { id, seen } = scenario
  const place = seen.panel === undefined ? '-' : `${seen.panel.dashboard} · ${seen.panel.panel} · ${seen.panel.series}`
  const fired = [...firedAfterSeconds].map(([name, seconds]) => `${name} ${seconds} s`).join(', ') || '-'
  const alerts = seen.because === undefined ? fired : `${fired}: ${seen.because}`
  const wrong = wrongIn(sighting)
  const note = wrong.length === 0 ? '' : ` **${wrong.join(' ')}**`
  return {
    text: `| ${id} | ${place} | ${panel === undefined ? '-' : valuesOf(panel)} | ${alerts}${note} |`,
    failures: wrong.map((sentence) => `${id}: ${sentence}`),
  }
}

function wrongIn({ scenario: { seen }, panel, firedAfterSeconds, complaint }: Sighting): string[] {
  const { alerts, mayFire = [] } = seen
  const missing = alerts.filter((name) => !firedAfterSeconds.has(name))
  const others = [...firedAfterSeconds.keys()].filter((name) => ![...alerts, ...mayFire].includes(name))
  return [
    ...(complaint === undefined ? [] : [complaint]),
    ...missing.map((name) => `${name} did not fire.`),
    ...others.map((name) => `${name} fired, and is not declared.`),
    ...(panel === undefined ? [] : faultsOf(panel)).map(
      (fault) => `The panel ${fault} (${valuesOf(panel as Measured)}).`,
    ),
  ]
}

const valuesOf = ({ calm, armed, unit }: Measured): string => {
  const [first, second, now] = [...calm, armed].map((value) => withUnit(value, unit))
  return `${first}, ${second} → ${now}`
}

function withUnit(value: number, unit: string): string {
  if (unit === 's') return value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(2)} s`
  if (unit === 'percentunit') return `${(value * 100).toFixed(1)} %`
  const rounded = Number(value.toPrecision(3))
  return unit === 'reqps' ? `${rounded}/s` : String(rounded)
}

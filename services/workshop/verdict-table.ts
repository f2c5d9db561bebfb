// The verdict on a scenario as text: a line for each piece of evidence, its numbers below, and queries to see it oneself.

import { type Evidence, type State, shapeOf } from '../lens/evidence.ts'
import { wilson } from '../lens/statistics.ts'
import { cell, type Palette, percent, wrap } from '../lens/text.ts'
import type { Row } from '../lens/verdict.ts'
import { type Proof, rowAbout } from './proof.ts'
import type { Recording } from './recording.ts'
import { alibisOf, heldPhrase, type Scenario, symptomsOf } from './scenario.ts'

/** Without `viewerUrl` there is no viewer, and what is looked at there is left out. */
type Layout = { columns: number; paint: Palette; viewerUrl?: URL }

const narrowest = 60
const statesWidth = 27

/** The whole verdict, lines joined by newlines, none wider than `columns` (at least 60) but for the queries. */
export function verdictTable(proof: Proof, layout: Layout): string {
  const { scenario, recording, judgement } = proof
  const wide = { ...layout, columns: Math.max(narrowest, layout.columns) }
  return [
    ...windowLines(recording, wide),
    '',
    header(wide),
    ...judgement.rows.flatMap((row) => rowLines(row, wide)),
    ...judgement.doubts.flatMap((doubt) => wrap(wide.paint.yellow(`doubt: ${doubt}`), wide.columns, 7)),
    '',
    ...glance(proof).flatMap((line) => wrap(line, wide.columns, 4)),
    '',
    wide.paint.bold('See it yourself'),
    ...queryLines(scenario, recording, wide),
    '',
    wide.paint.bold(conclusion(proof)),
  ].join('\n')
}

function windowLines({ windows }: Recording, { columns }: Layout): string[] {
  return Object.entries(windows).flatMap(([name, { samples, facts, traces }]) => {
    const { total, slow, slowShare, medianMs } = shapeOf({ samples })
    const { low, high } = wilson(slow, total)
    const share = `${percent(slowShare)} slow (95 %: ${percent(low)} to ${percent(high)})`
    const line = `${name.padEnd(6)} ${total} checkouts · median ${Math.round(medianMs)} ms · ${share} · ${traces.size} traces · start lag p99 ${facts.startLagP99Ms.toFixed(1)} ms`
    return wrap(line, columns, 7)
  })
}

function header({ columns, paint }: Layout): string {
  return paint.dim(
    `${cell('', 2)}${cell('evidence', columns - statesWidth - 2)}calm     armed    reset`.slice(0, columns),
  )
}

/** How a state is marked in front of what it is about. */
export const marks: Record<State, string> = { held: '✓', failed: '✗', inconclusive: '?' }
/** In a window: whether the sentence is true there, false, or undecided. */
const truths: Record<State, string> = { held: 'true', failed: 'false', inconclusive: '?' }

function rowLines({ says, role, pillar, state, measured, ...windows }: Row, { columns, paint }: Layout): string[] {
  const colour = { held: (text: string) => text, failed: paint.red, inconclusive: paint.yellow }[state]
  const [first = '', ...rest] = wrap(
    `${says} (${pillar}${role === 'symptom' ? '' : `, ${role}`})`,
    columns - statesWidth - 3,
    0,
  )
  const states = (['calm', 'armed', 'reset'] as const).map((name) => truths[windows[name]].padEnd(9)).join('')
  return [
    colour(`${marks[state]} ${cell(first, columns - statesWidth - 2)}${states}`.trimEnd()),
    ...rest.map((line) => colour(`  ${line}`)),
    ...wrap(`    ${measured}`, columns, 4).map(paint.dim),
  ]
}

/** Not wrapped: they are there to be copied. */
function queryLines(scenario: Scenario, { windows }: Recording, { paint, viewerUrl }: Layout): string[] {
  const { window } = windows.armed
  const about = (title: string, queries: ReturnType<Evidence['paste']>) => [
    `  ${title}`,
    ...queries.flatMap(({ language, text }) => {
      if (language === 'viewer' && viewerUrl === undefined) return []
      const query = language === 'viewer' ? new URL(text, viewerUrl).href.replace('127.0.0.1', 'localhost') : text
      return [`    ${paint.cyan(language.padEnd(8))} ${query}`]
    }),
  ]
  const { decoy } = scenario
  const symptoms = symptomsOf(scenario)
  return [
    // Where nothing happens, that is what there is to see.
    ...(symptoms.length > 0 ? symptoms : alibisOf(scenario)).flatMap((evidence) =>
      about(evidence.says, evidence.paste(window)),
    ),
    ...(decoy === undefined ? [] : about(`Not so: ${decoy.says} ${decoy.refutedBy}`, decoy.paste(window))),
  ]
}

/** What the rows do not say in so many words. */
function glance(proof: Proof): string[] {
  const { scenario, explanation } = proof
  const { contributor, loudness, isLoudestCulprit, evidenceAfterMs, withoutChange } = explanation
  const [first] = loudness
  const isDeclared = rowAbout(proof, 'contributor') !== undefined
  return [
    contributor === undefined
      ? []
      : `most time     ${contributor.operation} in ${contributor.slow} of ${contributor.of} slow checkouts${isDeclared ? '' : ' (the scenario declares nothing)'}`,
    first === undefined
      ? []
      : `loudest       ${loudness.map(({ service, ratio }) => `${service} ${ratio.toFixed(1)}×`).join(', ')} the calm p99 of its own answers${scenario.control === undefined ? `; ${first.service} is ${isLoudestCulprit ? '' : 'not '}the cause` : ''}`,
    scenario.symptoms.length === 0
      ? []
      : `evidence      ${evidenceAfterMs === undefined ? 'not all of it within the window' : `all of it there ${Math.round(evidenceAfterMs / 1000)} s after arming`}`,
    scenario.breaks === undefined
      ? []
      : `breaks        ${scenario.breaks}: what the telemetry lacks here, it lacks because of the change`,
    withoutChange === undefined
      ? []
      : `counter-proof with the calm window in place of the armed one this would be: ${withoutChange}`,
  ].flat()
}

function conclusion({ scenario, recording, judgement: { state, rows, doubts } }: Proof): string {
  const held = rows.filter((row) => row.state === 'held').length
  const doubted = doubts.length === 0 ? '' : `, ${doubts.length} doubt${doubts.length === 1 ? '' : 's'}`
  const verdict = state === 'held' ? heldPhrase(scenario) : state
  return `${scenario.id}, seed ${recording.seed}: ${verdict} (${held} of ${rows.length} held${doubted})`
}

// Many proofs at a glance: one line each, and what they come to together.
import type { State } from '../lens/evidence.ts'
import { type Palette, percent } from '../lens/text.ts'
import type { Row } from '../lens/verdict.ts'
import { type Proof, rowAbout } from './proof.ts'
import { heldPhrase, type Scenario } from './scenario.ts'
import { marks } from './verdict-table.ts'

/** What is kept of a proof when its windows are gone. `error` is the sentence with which it ended before there was a verdict. */
export type Line = {
  scenario: Scenario
  seed: number
  state: State
  cells: Cells
  isLoudestCulprit?: boolean
  error?: string
}

type Cells = Partial<Record<(typeof columns)[number], string>>
const columns = ['p50', 'slow (95 %)', 'symptoms', 'alibis', 'evidence', 'most time', 'tells apart', 'loudest'] as const

export function lineOf(proof: Proof): Line {
  const { scenario, recording, judgement, explanation } = proof
  const { impact, evidenceAfterMs, loudness, isLoudestCulprit } = explanation
  const [first] = loudness
  const { low, high } = impact.interval
  const isIncident = scenario.control === undefined
  return {
    scenario,
    seed: recording.seed,
    state: judgement.state,
    ...(isIncident && first !== undefined ? { isLoudestCulprit } : {}),
    cells: {
      p50: `${impact.medianRatio.toFixed(2)}×`,
      'slow (95 %)': `${percent(impact.slowShare)} (${(low * 100).toFixed(1)}–${(high * 100).toFixed(1)})`,
      symptoms: tally(judgement.rows.filter(({ role }) => role === 'symptom')),
      alibis: tally(judgement.rows.filter(({ role }) => role !== 'symptom')),
      ...(evidenceAfterMs === undefined ? {} : { evidence: `${Math.round(evidenceAfterMs / 1000)} s` }),
      'most time': markOf(proof, 'contributor'),
      'tells apart': markOf(proof, 'discriminator'),
      ...(first === undefined
        ? {}
        : {
            loudest: `${first.service} ${first.ratio.toFixed(1)}×${isIncident && isLoudestCulprit ? ' culprit' : ''}`,
          }),
    },
  }
}

/** A proof that ended without windows to judge: nothing was shown. */
export const brokenLine = (scenario: Scenario, seed: number, error: string): Line => ({
  ...{ scenario, seed, error, state: 'failed', cells: {} },
})

/** Failed if any is, else inconclusive if any is; and nothing at all shows nothing. */
export function overallOf(lines: readonly Pick<Line, 'state'>[]): State {
  const states = new Set(lines.map(({ state }) => state))
  if (states.size === 0) return 'inconclusive'
  return (['failed', 'inconclusive'] as const).find((state) => states.has(state)) ?? 'held'
}

/** Lines joined by newlines. Never wrapped: it is meant to be copied. */
export function summaryTable(lines: readonly Line[], paint: Palette): string {
  const head = ['scenario', 'seed', ...columns, 'verdict']
  const rows = lines.map((line) => [line.scenario.id, String(line.seed), ...cellsOf(line), verdictOf(line)])
  const widths = head.map((title, i) =>
    Math.max(...[title, ...rows.map((row) => row[i] ?? '')].map(({ length }) => length)),
  )
  const text = (row: string[]) =>
    row
      .map((value, i) => value.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()
  const colours = { held: (plain: string) => plain, failed: paint.red, inconclusive: paint.yellow }
  return [
    paint.dim(text(head)),
    ...rows.map((row, i) => colours[lines[i]?.state ?? 'held'](text(row))),
    '',
    paint.bold(closing(lines)),
    ...loudestLines(lines),
  ].join('\n')
}

const cellsOf = ({ cells }: Line): string[] => columns.map((name) => cells[name] ?? '–')

const verdictOf = ({ scenario, state, error }: Line): string =>
  error ?? (state === 'held' ? heldPhrase(scenario) : state)

const tally = (rows: readonly Row[]): string => `${rows.filter(({ state }) => state === 'held').length}/${rows.length}`

/** Whether the declared answer to a question held; a dash where none is declared. */
function markOf(proof: Proof, topic: Row['topic']): string {
  const row = rowAbout(proof, topic)
  return row === undefined ? '–' : marks[row.state]
}

function closing(lines: readonly Line[]): string {
  const count = (state: State) => lines.filter((line) => line.state === state).length
  const parts = (['held', 'failed', 'inconclusive'] as const).flatMap((state) =>
    count(state) === 0 ? [] : `${count(state)} ${state}`,
  )
  return `${lines.length} proofs: ${parts.join(', ')}`
}

/** In how many incidents everybody would have looked in the wrong place first, with every seed. */
function loudestLines(lines: readonly Line[]): string[] {
  const known = lines.filter((line) => line.isLoudestCulprit !== undefined)
  const byScenario = [...Map.groupBy(known, ({ scenario }) => scenario.id).values()]
  if (byScenario.length === 0) return []
  const elsewhere = byScenario.filter((same) => same.every((line) => line.isLoudestCulprit === false))
  return [`the loudest service is not the culprit in ${elsewhere.length} of ${byScenario.length} scenarios`]
}

// `slow verify --fixes`: does what people would do about it, and shows what becomes of the slow checkouts.
import { writeFile } from 'node:fs/promises'
import type { State } from '../../lens/evidence.ts'
import { palette, wrap } from '../../lens/text.ts'
import { labControls, workshopOf } from '../client.ts'
import { apiUrlOf } from '../config.ts'
import { type FixKind, type FixRow, hasFixes, tryFixes } from '../fixes.ts'
import { usualWindowSeconds } from '../prove.ts'
import type { Scenario } from '../scenario.ts'
import { overallOf } from '../summary-table.ts'
import { marks } from '../verdict-table.ts'
import { type CommandContext, UsageError, verdictCodes } from './command.ts'
import { refuseUnlessFree } from './verify-run.ts'

type Options = { all: boolean; seed?: number[]; window?: number; rate?: number; json?: string }

export async function verifyFixes(
  which: readonly Scenario[],
  options: Options,
  context: CommandContext,
): Promise<void> {
  const fixable = which.filter(hasFixes)
  if (fixable.length === 0)
    throw new UsageError('Nothing that people would do about it can be done with flags: there is nothing to try.')
  const results: { scenario: string; seed: number; state: State; rows: FixRow[] }[] = []
  for (const scenario of fixable) {
    for (const seed of options.seed ?? [1]) {
      const rows = await tryAll(scenario, seed, options, context)
      results.push({ scenario: scenario.id, seed, state: overallOf(rows), rows })
      show(scenario, seed, rows, context)
    }
  }
  const state = overallOf(results)
  if (options.json !== undefined)
    await writeFile(options.json, `${JSON.stringify({ state, fixes: results }, undefined, 2)}\n`)
  context.exitWith(verdictCodes[state])
}

async function tryAll(
  scenario: Scenario,
  seed: number,
  { window, rate }: Options,
  context: CommandContext,
): Promise<FixRow[]> {
  const { config, terminal, signal } = context
  const client = workshopOf(config)
  await refuseUnlessFree(client, config)
  return tryFixes(scenario, {
    target: apiUrlOf(config),
    controls: labControls(client),
    seed,
    signal,
    ...(rate === undefined ? {} : { ratePerSecond: rate }),
    windowSeconds: window ?? usualWindowSeconds(rate),
    onProgress: ({ says, isPassing }) => (isPassing ? terminal.passing(says) : terminal.say(says)),
  })
}

const titles: Record<FixKind, string> = {
  nothing: 'nothing is done: some are slow',
  wrong: 'wrong, they stay slow',
  right: 'right, they are quick again',
}

function show({ id }: Scenario, seed: number, rows: readonly FixRow[], { terminal }: CommandContext): void {
  const paint = palette(terminal.colour)
  const colours = { held: (text: string) => text, failed: paint.red, inconclusive: paint.yellow }
  terminal.say('')
  for (const { kind, fix, because, state, measured } of rows) {
    const title = kind === 'nothing' ? titles.nothing : `${fix} (${titles[kind]})`
    for (const line of wrap(`${marks[state]} ${title}`, terminal.columns, 2)) terminal.say(colours[state](line))
    for (const line of wrap(`    ${measured}`, terminal.columns, 4)) terminal.say(paint.dim(line))
    if (because !== undefined)
      for (const line of wrap(`    why: ${because}`, terminal.columns, 4)) terminal.say(paint.dim(line))
  }
  const held = rows.filter(({ state }) => state === 'held').length
  terminal.say(paint.bold(`${id}, seed ${seed}, fixes: ${overallOf(rows)} (${held} of ${rows.length} held)`))
}

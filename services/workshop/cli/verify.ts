// `slow verify`: proves scenarios over three windows each, or judges recordings of them.
import { writeFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { State } from '../../lens/evidence.ts'
import { palette } from '../../lens/text.ts'
import { workshopOf } from '../client.ts'
import { type ProofJson, proofJson, proofsJson } from '../proof-json.ts'
import { shortestWindowSeconds, usualWindowSeconds } from '../prove.ts'
import type { Scenario } from '../scenario.ts'
import { scenarioNamed, scenarios } from '../scenarios/index.ts'
import { brokenLine, type Line, lineOf, overallOf, summaryTable } from '../summary-table.ts'
import { openTelemetry, type SourceName } from '../telemetry.ts'
import { type CommandContext, sourceOption, UsageError, verdictCodes, wholeNumber } from './command.ts'
import { lastMinute, paste } from './paste.ts'
import { plannedRuns, type Run } from './planned-runs.ts'
import { verifyFixes } from './verify-fixes.ts'
import { proofIn, refuseUnlessFree } from './verify-run.ts'

const longestWindowSeconds = 300

export type VerifyOptions = {
  all: boolean
  seed?: number[]
  tries: number
  window?: number
  rate?: number
  record?: string
  replay?: string
  json?: string
  source?: SourceName
  paste?: boolean
  fixes?: boolean
}

export function addVerify(program: Command, context: CommandContext): void {
  program
    .command('verify')
    .description('prove a scenario: nothing when calm, every symptom while armed, nothing after reset')
    .argument('[id]', 'id of the scenario')
    .option('--all', 'every scenario, one after the other, and a summary at the end', false)
    .option('--seed <numbers>', 'which visitors come (default: 1); several as 1,2,3', seedsOf)
    .option(
      '--window <seconds>',
      `length of each window, at least ${shortestWindowSeconds()}; longer at a lower rate`,
      windowOf,
    )
    .option(
      '--rate <per second>',
      'how many checkouts come (default: 20); with 12 a slow machine can show some scenarios',
      rateOf,
    )
    .option('--tries <number>', 'how often one that is inconclusive is tried in all', wholeNumber, 1)
    .option('--record <file>', 'keep what was observed (compressed when the name ends in .gz); a folder for several')
    .addOption(
      new Option('--replay <file>', 'judge a recording, or a folder of them, instead of a running lab') //
        .conflicts(['record', 'window', 'rate', 'tries', 'source', 'fixes', 'paste']),
    )
    .option('--json <file>', 'write the verdicts as JSON')
    .addOption(sourceOption())
    .addOption(
      new Option('--paste', 'prove nothing: run every query that the evidence has to paste, over the last minute') //
        .conflicts(['seed', 'record', 'window', 'rate', 'tries', 'json', 'fixes']),
    )
    .addOption(
      new Option('--fixes', 'try what people would do about it: what is wrong leaves it, what is right ends it') //
        .conflicts(['record', 'tries', 'source']),
    )
    .addHelpText('after', '\nExit code: 0 everything held, 1 something failed, 3 inconclusive, 2 bad usage.')
    .action((id: string | undefined, options: VerifyOptions) => verify(chosen(id, options), options, context))
}

function chosen(id: string | undefined, { all }: VerifyOptions): readonly Scenario[] {
  if ((id === undefined) !== all) throw new UsageError('Expected the id of a scenario or --all, one of them.')
  return id === undefined ? scenarios : [scenarioNamed(id)]
}

async function verify(which: readonly Scenario[], options: VerifyOptions, context: CommandContext): Promise<void> {
  if (options.paste === true) return pasteAll(which, options, context)
  if (options.fixes === true) return verifyFixes(which, options, context)
  refuseTooFew(options)
  const runs = await plannedRuns(which, options)
  if (options.replay === undefined) await refuseUnlessFree(workshopOf(context.config), context.config)
  if (runs.length > 1 && options.replay === undefined)
    context.terminal.say(
      `${runs.length} proofs, about ${Math.ceil((runs.length * secondsOf(options)) / 60)} minutes in all`,
    )
  const missing = which.filter((one) => runs.every(({ scenario }) => scenario !== one)).map(({ id }) => id)
  if (missing.length > 0) context.terminal.say(`${options.replay} has no recording of ${missing.join(', ')}.`)
  const lines: Line[] = []
  const written: ProofJson[] = []
  const keep = async () => {
    if (options.json !== undefined) await writeFile(options.json, proofsJson(written, runs.length + missing.length))
  }
  // A path that cannot be written to is told of now, and not after an hour.
  await keep()
  try {
    for (const run of runs) await verifyOne(run, { runs, lines, written }, options, context)
  } finally {
    // Also of those that came before a stop.
    if (runs.length > 1) context.terminal.say(`\n${summaryTable(lines, palette(context.terminal.colour))}`)
    await keep()
  }
  end([...lines, ...missing.map(() => ({ state: 'inconclusive' }) as const)], context)
}

/** Three windows, with what warms up before them and their telemetry. */
const secondsOf = ({ rate, window = usualWindowSeconds(rate) }: VerifyOptions): number => 3 * (window + 5) + 10

type SoFar = { runs: readonly Run[]; lines: Line[]; written: ProofJson[] }

async function verifyOne(run: Run, { runs, lines, written }: SoFar, options: VerifyOptions, context: CommandContext) {
  const { scenario, seed } = run
  if (runs.length > 1) context.terminal.say(`\n[${lines.length + 1}/${runs.length}] ${scenario.id}, seed ${seed}`)
  try {
    const proof = await proofIn(run, options, context)
    lines.push(lineOf(proof))
    written.push(proofJson(proof))
  } catch (error) {
    if (context.signal.aborted) throw error
    const says = error instanceof Error ? error.message : String(error)
    written.push({ scenario: scenario.id, seed, state: 'failed', error: says })
    if (runs.length === 1) throw error
    // The others have a right to be proved.
    context.terminal.say(says)
    lines.push(brokenLine(scenario, seed, says))
  }
}

async function pasteAll(which: readonly Scenario[], { source }: VerifyOptions, context: CommandContext): Promise<void> {
  const telemetry = openTelemetry(source ?? context.config.SOURCE, context.config)
  for (const scenario of which) await paste(scenario, lastMinute(), telemetry, context)
}

/** A query that a backend refused has been told of already, as a failure; anything worse than that there is not. */
function end(lines: readonly { state: State }[], { exitWith }: CommandContext): void {
  exitWith(verdictCodes[overallOf(lines)])
}

/** `1,2,3`, and once more for others. */
function seedsOf(text: string, before: readonly number[] = []): number[] {
  return [...before, ...text.split(',').map(wholeNumber)]
}

function windowOf(text: string): number {
  const seconds = wholeNumber(text)
  if (seconds < shortestWindowSeconds() || seconds > longestWindowSeconds)
    throw new InvalidArgumentError(
      `Expected ${shortestWindowSeconds()} to ${longestWindowSeconds} seconds: 400 checkouts are needed.`,
    )
  return seconds
}

function rateOf(text: string): number {
  const perSecond = wholeNumber(text)
  if (perSecond < 5 || perSecond > 20) throw new InvalidArgumentError('Expected 5 to 20 checkouts a second.')
  return perSecond
}

function refuseTooFew({ rate, window }: VerifyOptions): void {
  if (window === undefined || window >= shortestWindowSeconds(rate)) return
  throw new UsageError(
    `--window ${window} is too short for --rate ${rate}: 400 checkouts are needed, so at least ${shortestWindowSeconds(rate)} seconds.`,
  )
}

// `slow verify`: proves a scenario over three windows, or judges a recording of them.
import { writeFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { viewerSource } from '../../lens/sources/viewer.ts'
import { palette } from '../../lens/text.ts'
import type { Judgement } from '../../lens/verdict.ts'
import { labControls, type WorkshopClient, workshopClient } from '../client.ts'
import { apiUrlOf, viewerUrlOf, workshopUrlOf } from '../config.ts'
import { judge } from '../judge.ts'
import { prove, shortestWindowSeconds } from '../prove.ts'
import { loadRecording, type Recording, saveRecording } from '../recording.ts'
import type { Scenario } from '../scenario.ts'
import { scenarioNamed } from '../scenarios/index.ts'
import { verdictTable } from '../verdict-table.ts'
import { type CommandContext, exitCodes, UsageError, wholeNumber } from './command.ts'

type Options = { seed: number; record?: string; replay?: string; json?: string; window?: number }

export function addVerify(program: Command, context: CommandContext): void {
  program
    .command('verify')
    .description('prove a scenario: nothing when calm, every symptom while armed, nothing after reset')
    .argument('<id>', 'id of the scenario')
    .option('--seed <number>', 'which visitors come', wholeNumber, 1)
    .option('--window <seconds>', `length of each window, at least ${shortestWindowSeconds}`, windowOf)
    .option('--record <file>', 'keep what was observed (compressed when the name ends in .gz)')
    .option('--replay <file>', 'judge a recording instead of a running lab')
    .option('--json <file>', 'write the verdict as JSON')
    .addHelpText('after', '\nExit code: 0 everything held, 1 something failed, 3 inconclusive, 2 bad usage.')
    .action((id: string, options: Options) => verify(scenarioNamed(id), options, context))
}

async function verify(scenario: Scenario, options: Options, context: CommandContext): Promise<void> {
  const { config, terminal, exitWith } = context
  const recording =
    options.replay === undefined ? await observe(scenario, options, context) : await replay(scenario, options.replay)
  if (options.record !== undefined) {
    await saveRecording(options.record, recording)
    terminal.say(`recorded in ${options.record}`)
  }
  const judgement = judge(scenario, recording)
  if (options.json !== undefined) await writeFile(options.json, jsonOf(recording, judgement))
  const { columns, colour } = terminal
  terminal.say('')
  terminal.say(
    verdictTable(scenario, recording, judgement, { columns, paint: palette(colour), viewerUrl: viewerUrlOf(config) }),
  )
  exitWith({ held: exitCodes.ok, failed: exitCodes.failed, inconclusive: exitCodes.inconclusive }[judgement.state])
}

async function observe(scenario: Scenario, { seed, window }: Options, context: CommandContext): Promise<Recording> {
  const { config, terminal, signal } = context
  const client = workshopClient(workshopUrlOf(config))
  await refuseUnlessFree(client)
  return prove(scenario, {
    source: viewerSource(viewerUrlOf(config)),
    target: apiUrlOf(config),
    controls: labControls(client),
    seed,
    signal,
    ...(window === undefined ? {} : { windowSeconds: window }),
    onProgress: ({ says, isPassing }) => (isPassing ? terminal.passing(says) : terminal.say(says)),
  })
}

/** A proof resets everything: it must not take from others what they are looking at. */
async function refuseUnlessFree(client: WorkshopClient): Promise<void> {
  const run = await client.current()
  const { flags } = await client.flags()
  const { paused, reason, until } = await client.traffic()
  const set = flags
    .filter(({ setting, isEditedByHand }) => setting !== undefined || isEditedByHand)
    .map(({ name }) => name)
  if (paused)
    throw new Error(`The shop is taken until ${until} (${reason ?? 'somebody paused the traffic'}): try again then.`)
  if (run !== null && set.length > 0)
    throw new Error(`Scenario ${run.id} is running. End it first: npm run scenario -- reset`)
  if (set.length > 0)
    throw new Error(`Somebody set ${set.join(', ')}. Make everything calm first: npm run fault -- reset`)
}

async function replay(scenario: Scenario, file: string): Promise<Recording> {
  const recording = await loadRecording(file)
  if (recording.scenario === scenario.id) return recording
  throw new UsageError(`${file} is a recording of ${recording.scenario}, not of ${scenario.id}.`)
}

function jsonOf({ scenario, seed, recordedAt, windows }: Recording, judgement: Judgement): string {
  const facts = Object.fromEntries(
    Object.entries(windows).map(([name, { window, samples, facts: driver }]) => [
      name,
      { ...window, checkouts: samples.length, ...driver },
    ]),
  )
  return `${JSON.stringify({ scenario, seed, recordedAt, ...judgement, windows: facts }, undefined, 2)}\n`
}

function windowOf(text: string): number {
  const seconds = wholeNumber(text)
  if (seconds < shortestWindowSeconds || seconds > 300)
    throw new InvalidArgumentError(`Expected ${shortestWindowSeconds} to 300 seconds: 400 checkouts are needed.`)
  return seconds
}

// `slow verify`: proves a scenario over three windows, or judges a recording of them.
import { writeFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { palette } from '../../lens/text.ts'
import type { Judgement } from '../../lens/verdict.ts'
import { labControls, type WorkshopClient, workshopClient } from '../client.ts'
import { apiUrlOf, type CliConfig, typed, viewerUrlOf, workshopUrlOf } from '../config.ts'
import { judge } from '../judge.ts'
import { prove, shortestWindowSeconds } from '../prove.ts'
import { loadRecording, type Recording, saveRecording } from '../recording.ts'
import type { Scenario } from '../scenario.ts'
import { scenarioNamed } from '../scenarios/index.ts'
import { openTelemetry, type SourceName, type Telemetry } from '../telemetry.ts'
import { verdictTable } from '../verdict-table.ts'
import { type CommandContext, exitCodes, sourceOption, UsageError, wholeNumber } from './command.ts'
import { lastMinute, paste } from './paste.ts'

type Options = { seed: number; record?: string; replay?: string; json?: string; window?: number } & Reading
type Reading = { source?: SourceName; paste?: boolean }

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
    .addOption(sourceOption())
    .option('--paste', 'prove nothing: run every query that the evidence has to paste, over the last minute')
    .addHelpText('after', '\nExit code: 0 everything held, 1 something failed, 3 inconclusive, 2 bad usage.')
    .action((id: string, options: Options) => verify(scenarioNamed(id), options, context))
}

async function verify(scenario: Scenario, options: Options, context: CommandContext): Promise<void> {
  const { config, terminal, exitWith } = context
  const name = options.source ?? config.SOURCE
  const telemetry = openTelemetry(name, config)
  if (options.paste === true) return paste(scenario, lastMinute(), telemetry, context)
  const recording =
    options.replay === undefined
      ? await observe(scenario, options, telemetry, context)
      : await replay(scenario, options.replay)
  if (options.record !== undefined) {
    await saveRecording(options.record, recording)
    terminal.say(`recorded in ${options.record}`)
  }
  const judgement = judge(scenario, recording)
  if (options.json !== undefined) await writeFile(options.json, jsonOf(recording, judgement))
  const layout = { columns: terminal.columns, paint: palette(terminal.colour) }
  const viewer = name === 'viewer' ? { viewerUrl: viewerUrlOf(config) } : {}
  terminal.say(`\n${verdictTable(scenario, recording, judgement, { ...layout, ...viewer })}`)
  if (name === 'stack' && options.replay === undefined)
    await paste(scenario, recording.windows.armed.window, telemetry, context)
  if (judgement.state !== 'held')
    exitWith({ failed: exitCodes.failed, inconclusive: exitCodes.inconclusive }[judgement.state])
}

async function observe(
  scenario: Scenario,
  { seed, window }: Options,
  source: Telemetry,
  context: CommandContext,
): Promise<Recording> {
  const { config, terminal, signal } = context
  const client = workshopClient(workshopUrlOf(config))
  await refuseUnlessFree(client, config)
  return prove(scenario, {
    source,
    target: apiUrlOf(config),
    controls: labControls(client),
    seed,
    signal,
    ...(window === undefined ? {} : { windowSeconds: window }),
    onProgress: ({ says, isPassing }) => (isPassing ? terminal.passing(says) : terminal.say(says)),
  })
}

/** A proof resets everything: it must not take from others what they are looking at. */
async function refuseUnlessFree(client: WorkshopClient, config: CliConfig): Promise<void> {
  const run = await client.current()
  const { flags } = await client.flags()
  const { paused, reason, until } = await client.traffic()
  const set = flags
    .filter(({ setting, isEditedByHand }) => setting !== undefined || isEditedByHand)
    .map(({ name }) => name)
  if (paused)
    throw new Error(`The shop is taken until ${until} (${reason ?? 'somebody paused the traffic'}): try again then.`)
  if (run !== null && set.length > 0)
    throw new Error(`Scenario ${run.id} is running. End it first: ${typed(config, 'scenario', 'reset')}`)
  if (set.length > 0)
    throw new Error(`Somebody set ${set.join(', ')}. Make everything calm first: ${typed(config, 'fault', 'reset')}`)
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

// One proof of `slow verify`: observed or replayed, judged, kept and shown.
import { palette } from '../../lens/text.ts'
import { labControls, type WorkshopClient, workshopOf } from '../client.ts'
import { apiUrlOf, type CliConfig, typed, viewerUrlOf } from '../config.ts'
import { hiddenId } from '../contract.ts'
import { type Proof, proofOf } from '../proof.ts'
import { prove, usualWindowSeconds } from '../prove.ts'
import { loadRecording, type Recording, saveRecording } from '../recording.ts'
import { openTelemetry, type SourceName, type Telemetry } from '../telemetry.ts'
import { verdictTable } from '../verdict-table.ts'
import { type CommandContext, UsageError } from './command.ts'
import { paste } from './paste.ts'
import type { Run } from './planned-runs.ts'

type Options = { seed?: number[]; window?: number; rate?: number; source?: SourceName; tries: number }

/** The proof, shown. One that is inconclusive is tried as often as was asked for. */
export async function proofIn(run: Run, options: Options, context: CommandContext): Promise<Proof> {
  const { config, terminal } = context
  const name = options.source ?? config.SOURCE
  const telemetry = openTelemetry(name, config)
  const layout = {
    ...{ columns: terminal.columns, paint: palette(terminal.colour) },
    ...(name === 'viewer' ? { viewerUrl: viewerUrlOf(config) } : {}),
  }
  for (let tries = 1; ; tries++) {
    const recording =
      run.replay === undefined ? await observe(run, options, telemetry, context) : await replay(run, options, context)
    if (run.record !== undefined) await keep(recording, run.record, context)
    terminal.passing('judging')
    const proof = proofOf(run.scenario, recording)
    terminal.say(`\n${verdictTable(proof, layout)}`)
    const isOpen = proof.judgement.state === 'inconclusive' && run.replay === undefined
    if (isOpen && tries < options.tries) {
      terminal.say('Inconclusive: once more.')
      continue
    }
    if (name === 'stack' && run.replay === undefined)
      await paste(run.scenario, recording.windows.armed.window, telemetry, context)
    return proof
  }
}

async function observe(
  { scenario, seed }: Run,
  { window, rate }: Options,
  source: Telemetry,
  context: CommandContext,
): Promise<Recording> {
  const { config, terminal, signal } = context
  const client = workshopOf(config)
  await refuseUnlessFree(client, config)
  return prove(scenario, {
    source,
    target: apiUrlOf(config),
    controls: labControls(client),
    seed,
    signal,
    ...(rate === undefined ? {} : { ratePerSecond: rate }),
    windowSeconds: window ?? usualWindowSeconds(rate),
    onProgress: ({ says, isPassing }) => (isPassing ? terminal.passing(says) : terminal.say(says)),
  })
}

/** A proof resets everything: it must not take from others what they are looking at. */
export async function refuseUnlessFree(client: WorkshopClient, config: CliConfig): Promise<void> {
  const run = await client.current()
  const { flags } = await client.flags()
  const { paused, reason, until } = await client.traffic()
  const set = flags
    .filter(({ setting, isEditedByHand }) => setting !== undefined || isEditedByHand)
    .map(({ name }) => name)
  if (paused)
    throw new Error(`The shop is taken until ${until} (${reason ?? 'somebody paused the traffic'}): try again then.`)
  if (run !== null && (set.length > 0 || run.id === hiddenId))
    throw new Error(`Scenario ${run.id} is running. End it first: ${typed(config, 'scenario', 'reset')}`)
  if (set.length > 0)
    throw new Error(`Somebody set ${set.join(', ')}. Make everything calm first: ${typed(config, 'fault', 'reset')}`)
}

async function replay(
  { scenario, replay: file = '' }: Run,
  { seed: seeds }: Options,
  { terminal }: CommandContext,
): Promise<Recording> {
  terminal.passing(`reading ${file}`)
  const recording = await loadRecording(file)
  if (recording.scenario !== scenario.id)
    throw new UsageError(`${file} is a recording of ${recording.scenario}, not of ${scenario.id}.`)
  if (seeds !== undefined && !seeds.includes(recording.seed))
    throw new UsageError(`${file} is a recording with seed ${recording.seed}, not with ${seeds.join(' or ')}.`)
  return recording
}

async function keep(recording: Recording, file: string, { terminal }: CommandContext): Promise<void> {
  terminal.passing(`writing ${file}`)
  await saveRecording(file, recording)
  terminal.say(`recorded in ${file}`)
}

// `slow scenario`: start one, see how far it is, end it. Never tells the answer.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { slo } from '../../kit/slo.ts'
import { spans } from '../../kit/telemetry/names.ts'
import { missingSentence, workshopOf } from '../client.ts'
import { typed, viewerUrlOf } from '../config.ts'
import { hiddenId, type ScenarioRun } from '../contract.ts'
import { scenarioNamed, scenarios } from '../scenarios/index.ts'
import { type CommandContext, exitCodes, wholeNumber } from './command.ts'
import { pageFor } from './pager.ts'

export function addScenario(program: Command, context: CommandContext): void {
  const scenario = program.command('scenario').description('list, start and reset scenarios')
  scenario
    .command('list')
    .description('every scenario and its question')
    .action(() => list(context))
  scenario
    .command('start')
    .description('make some checkouts slow, and wait until they are')
    .argument('<id>', 'id of the scenario')
    .option('--seed <number>', 'which visitors come', wholeNumber, 1)
    .option('--hidden', 'say what a pager would say, and not what it is about', false)
    .action((id: string, options: StartOptions) => start(id, options, context))
  scenario
    .command('status')
    .description('what is running')
    .action(() => status(context))
  scenario
    .command('reset')
    .description('end it and make everything calm')
    .action(() => reset(context))
}

async function list({ terminal }: CommandContext): Promise<void> {
  for (const { id, level, question } of scenarios) {
    terminal.say(`${id}  (level ${level})`)
    terminal.say(`    ${question}`)
  }
}

const followEveryMs = 500

type StartOptions = { seed: number; hidden: boolean }

async function start(id: string, { seed, hidden }: StartOptions, context: CommandContext): Promise<void> {
  const { config, terminal, signal, exitWith } = context
  const { control } = scenarioNamed(id)
  const client = workshopOf(config)
  let run = await client.start(id, seed, { hidden })
  let shown = 0
  const show = (now: ScenarioRun) => {
    // Stages may pass between two looks, and none is left out.
    const passed = passedBy(now.state).filter((state) => !(hidden && endStates.includes(state)))
    for (const state of passed.slice(shown)) terminal.say(phrases[state])
    shown = passed.length
    if (now.state === 'load') terminal.passing(countsText(now))
  }
  while (run !== null && !endStates.includes(run.state)) {
    show(run)
    await sleep(followEveryMs, undefined, { signal }).catch(() => {})
    if (signal.aborted)
      return terminal.say(`No longer watching, but it goes on. End it with: ${typed(config, 'scenario', 'reset')}`)
    run = await client.current()
  }
  if (run === null) {
    terminal.say('It was reset meanwhile.')
    return exitWith(exitCodes.failed)
  }
  show(run)
  const isAsDeclared = run.state === 'impact seen' || (run.state === 'no impact' && control === 'nothing')
  if (isAsDeclared && hidden) return terminal.say(pageFor(run))
  if (run.state === 'impact seen') return whatNext(id, run, context)
  terminal.say(run.says ?? '')
  if (!isAsDeclared) exitWith(exitCodes.failed)
}

const phrases: Record<ScenarioRun['state'], string> = {
  arming: 'arming: waiting for every service to read the flag file',
  armed: 'armed',
  load: 'load: 20 checkouts a second with the baseline, until some are slow',
  'impact seen': 'impact seen',
  'no impact': 'no impact',
  failed: 'failed',
}
const stages: ScenarioRun['state'][] = ['arming', 'armed', 'load']

/** The stages up to a state, which comes last. One that failed did so at any stage, so that nothing is said of them. */
function passedBy(state: ScenarioRun['state']): ScenarioRun['state'][] {
  if (stages.includes(state)) return stages.slice(0, stages.indexOf(state) + 1)
  return state === 'failed' ? ['arming', 'failed'] : [...stages, state]
}

const endStates: ScenarioRun['state'][] = ['impact seen', 'no impact', 'failed']

const countsText = ({ slow, checkouts }: ScenarioRun): string =>
  `${slow} of ${checkouts} checkouts over ${slo.thresholdMs} ms`

function whatNext(id: string, run: ScenarioRun, { config, terminal }: CommandContext): void {
  const isInStack = config.SOURCE === 'stack'
  const lines = [
    countsText(run),
    '',
    scenarioNamed(id).question,
    `  the slow ones          ${isInStack ? publishedGrafana : slowOnesUrl(run, config)}`,
    `  the slowest, here      ${typed(config, 'trace', '--slowest')}`,
    `  when you are done      ${typed(config, 'scenario', 'reset')}`,
  ]
  for (const line of lines) terminal.say(line)
}

/** Where a browser outside of the containers finds it, unless its port was moved. */
const publishedGrafana = 'http://localhost:3000/d/checkout'

function slowOnesUrl(run: ScenarioRun, config: CommandContext['config']): string {
  const query = new URLSearchParams({
    ...{ service: 'api', route: spans.checkout, sort: 'slowest' },
    ...{ minDurationMs: String(slo.thresholdMs), from: String(Date.parse(run.startedAt)) },
  })
  return new URL(`/?${query}`, viewerUrlOf(config)).href.replace('127.0.0.1', 'localhost')
}

async function status({ config, terminal }: CommandContext): Promise<void> {
  const run = await workshopOf(config).current()
  if (run === null) return terminal.say('No scenario is running.')
  if (run.id === hiddenId) return terminal.say(hasBeenSeen(run) ? pageFor(run) : `A scenario: ${phrases[run.state]}`)
  terminal.say(`${run.id}, seed ${run.seed}: ${run.state}, started ${run.startedAt}`)
  terminal.say(countsText(run))
  if (run.says !== undefined) terminal.say(run.says)
}

/** Before that there is nothing to page anybody for; one that came to nothing says so. */
const hasBeenSeen = ({ state }: ScenarioRun): boolean => state === 'load' || state === 'impact seen'

async function reset({ config, terminal, exitWith }: CommandContext): Promise<void> {
  terminal.passing('Waiting for every service to read the flag file…')
  const { missing } = await workshopOf(config).reset()
  if (missing.length === 0) return terminal.say('Reset: everything is calm, and every service has read it.')
  terminal.say(`Reset, but not every service has read it: ${missingSentence({ missing })}.`)
  exitWith(exitCodes.failed)
}

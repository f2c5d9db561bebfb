// `slow drill`: be paged, look, answer, and be told what it was.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { inMs, percent, wrap } from '../../lens/text.ts'
import { workshopOf } from '../client.ts'
import { typed } from '../config.ts'
import type { DrillReveal, DrillState, Shipped } from '../contract.ts'
import { type Answer, components, mechanismIds } from '../drills/answer.ts'
import { type CommandContext, exitCodes, UsageError, wholeNumber } from './command.ts'
import { pageFor } from './pager.ts'

export function addDrill(program: Command, context: CommandContext): void {
  const drill = program
    .command('drill')
    .description('be paged, find out what is the matter, and have your answer checked')
  drill
    .command('start')
    .description('somebody ships something, and you are paged')
    .option('--level <0-3>', '0: one trace tells it, 3: no trace does', wholeNumber, 1)
    .option('--seed <number>', 'the same one for everybody who is given it', wholeNumber)
    .option('--player <name>', 'for the board', 'somebody')
    .action((options: StartOptions) => start(options, context))
  drill
    .command('status')
    .description('how far it is, and what people would do about it')
    .action(() => status(context))
  drill
    .command('hint')
    .description('the next hint, for a price')
    .action(() => hint(context))
  drill
    .command('answer')
    .description('say what it is; who is wrong may answer again, for a price')
    .requiredOption('--component <name>', `who: ${components.join(', ')}; several share the points`, namesOf)
    .requiredOption('--mechanism <id>', `how: ${mechanismIds.join(', ')}`)
    .option('--attribute <key=value>', 'what slow ones have in common, such as shop.tier=business')
    .option('--nothing <what>', 'no attribute tells them apart: it is time, place or load')
    .option('--onset <time>', 'when it began, such as 2026-11-28T14:02:00Z')
    .option('--fix <number>', 'which of the fixes would end it', wholeNumber)
    .option('--trace <id>', 'a slow checkout that shows it')
    .option('--metric <series>', 'what moved, such as shop.db.pool.waiting{service.name="inventory"}')
    .option('--log <service:text>', 'lines of slow checkouts, such as payment:waited for')
    .action((options: AnswerOptions) => answer(options, context))
  drill
    .command('fix')
    .argument('<number>', 'which one', wholeNumber)
    .description('ship one of the fixes for real, and see what comes of it')
    .action((number: number) => fix(number, context))
  drill
    .command('reveal')
    .description('what it was; ends the drill and makes everything calm')
    .action(() => reveal(context))
  drill
    .command('board')
    .description('who found out what')
    .action(() => board(context))
}

type StartOptions = { level: number; seed?: number; player: string }
type AnswerOptions = {
  component: Answer['components']
  mechanism: string
  attribute?: string
  nothing?: string
  onset?: string
  fix?: number
  trace?: string
  metric?: string
  log?: string
}

const followEveryMs = 1000

async function start({ level, seed, player }: StartOptions, context: CommandContext): Promise<void> {
  const { config, terminal, signal, exitWith } = context
  const client = workshopOf(config)
  let state: DrillState | null = await client.startDrill({ level, player, ...(seed === undefined ? {} : { seed }) })
  terminal.say(`drill of level ${state.level}, seed ${state.seed}: you are on call`)
  while (state?.state === 'waiting') {
    terminal.passing(`nobody has been paged yet: ${state.checkouts} checkouts`)
    await sleep(followEveryMs, undefined, { signal }).catch(() => {})
    if (signal.aborted) return terminal.say(`It goes on. See it again with: ${typed(config, 'drill', 'status')}`)
    state = await client.drill()
  }
  if (state === null || state.state === 'failed') {
    terminal.say(state?.says ?? 'It was reset meanwhile.')
    return exitWith(exitCodes.failed)
  }
  show(state, context)
}

async function status(context: CommandContext): Promise<void> {
  const state = await workshopOf(context.config).drill()
  if (state === null) return context.terminal.say('There is no drill.')
  show(state, context)
}

function show(state: DrillState, { config, terminal }: CommandContext): void {
  if (state.state !== 'paged') {
    terminal.say(state.says ?? 'Nobody has been paged yet.')
    return
  }
  terminal.say(pageFor(state))
  terminal.say('\nWhat people would do about it:')
  for (const [i, fix] of state.fixes.entries()) terminal.say(`  ${i + 1}. ${fix}`)
  terminal.say(`\n  a hint          ${typed(config, 'drill', 'hint')}  (${state.hintsLeft} left)`)
  terminal.say(`  ship a fix      ${typed(config, 'drill', 'fix 1')}`)
  terminal.say(`  your answer     ${typed(config, 'drill', 'answer --help')}`)
  terminal.say(`  what it was     ${typed(config, 'drill', 'reveal')}`)
}

async function hint({ config, terminal }: CommandContext): Promise<void> {
  const { hint: text, left } = await workshopOf(config).drillHint()
  for (const line of wrap(text, terminal.columns, 2)) terminal.say(line)
  terminal.say(`${left} more.`)
}

async function answer(options: AnswerOptions, { config, terminal, exitWith }: CommandContext): Promise<void> {
  terminal.passing('looking up what you have shown')
  const graded = await workshopOf(config).answerDrill(answerFrom(options))
  for (const { part, points, of, says } of graded.marks) {
    const line = `${points === of ? '✓' : points === 0 ? '✗' : '·'} ${part.padEnd(14)} ${String(points).padStart(4)} of ${String(of).padStart(2)}   ${says}`
    for (const wrapped of wrap(line, terminal.columns, 30)) terminal.say(wrapped)
  }
  terminal.say(`\nscore ${graded.score} of 100${graded.isRight ? '' : ': that is not it yet'}`)
  if (!graded.isRight) exitWith(exitCodes.failed)
}

/** What was left out is not sent; what does not fit together is said here, and all else by the workshop. */
function answerFrom({
  component,
  mechanism,
  attribute,
  nothing,
  onset,
  fix,
  trace,
  metric,
  log,
}: AnswerOptions): unknown {
  if (attribute !== undefined && nothing !== undefined)
    throw new UsageError('Expected --attribute or --nothing, not both.')
  const [key, value] = attribute === undefined ? [] : split(attribute, '=')
  const [service, contains] = log === undefined ? [] : split(log, ':')
  return {
    components: component,
    mechanism,
    ...(key === undefined ? {} : { discriminator: { key, ...(value === undefined ? {} : { value }) } }),
    ...(nothing === undefined ? {} : { discriminator: { nothing } }),
    ...(onset === undefined ? {} : { onset }),
    ...(fix === undefined ? {} : { fix }),
    evidence: {
      ...(trace === undefined ? {} : { trace }),
      ...(metric === undefined ? {} : { metric }),
      ...(service === undefined ? {} : { log: { service, contains: contains ?? '' } }),
    },
  }
}

function split(text: string, at: string): [string, string | undefined] {
  const index = text.indexOf(at)
  return index === -1 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)]
}

async function fix(number: number, { config, terminal, signal, exitWith }: CommandContext): Promise<void> {
  const client = workshopOf(config)
  let state: DrillState | null = await client.shipFix(number)
  while (state?.shipped?.state === 'watching') {
    terminal.passing(`fix ${number} is shipped: ${sinceThen(state.shipped)}`)
    await sleep(followEveryMs, undefined, { signal }).catch(() => {})
    if (signal.aborted) return terminal.say(`It stays shipped. See more with: ${typed(config, 'drill', 'status')}`)
    state = await client.drill()
  }
  if (state?.shipped === undefined) {
    terminal.say('The drill is over.')
    return exitWith(exitCodes.failed)
  }
  const { shipped } = state
  terminal.say(`fix ${shipped.fix}: ${shipped.state}. ${sinceThen(shipped)}, ${percent(shipped.beforehand)} before`)
  if (shipped.state !== 'recovered') exitWith(exitCodes.failed)
}

const sinceThen = ({ since = 0, checkouts }: Shipped): string =>
  `${percent(since)} of ${checkouts} checkouts are slow since`

async function reveal({ config, terminal }: CommandContext): Promise<void> {
  const it = await workshopOf(config).revealDrill()
  for (const line of revealText(it, terminal.columns)) terminal.say(line)
}

function revealText(it: DrillReveal, columns: number): string[] {
  const { id, title, truth, trace, decoy, rightFix, wrongFixes, alerts, noAlert, code, score } = it
  const said = (text: string) => wrap(text, columns, 4)
  return [
    ...said(`${title} (${id})`),
    ...said(`  ${truth.component}: ${truth.mechanism}`),
    ...truth.path.flatMap((step, i) => said(`  ${i + 1}. ${step}`)),
    ...(trace === undefined ? [] : traceText(trace, said)),
    ...(decoy === undefined ? [] : ['', ...said(`It looks as if: ${decoy.says}`), ...said(`But: ${decoy.refutedBy}`)]),
    ...(rightFix === undefined ? [] : ['', ...said(`What ends it: ${rightFix}`)]),
    ...wrongFixes.flatMap(({ fix, because }) => said(`Not ${fix}: ${because}`)),
    '',
    ...said(
      alerts.length > 0 ? `Alerts that would have told you: ${alerts.join(', ')}` : `No alert tells you: ${noAlert}`,
    ),
    ...(code.length > 0 ? said(`Where it is chosen: ${code.join(', ')}`) : []),
    '',
    `score ${score} of 100. Everything is calm again.`,
  ]
}

function traceText(
  { traceId, tookMs, path, hops, lines }: NonNullable<DrillReveal['trace']>,
  said: (text: string) => string[],
): string[] {
  return [
    '',
    ...said(`On one checkout, of ${inMs(tookMs)}: ${traceId}`),
    ...path.flatMap(({ service, name, ms, share }) =>
      said(`  ${inMs(ms).padStart(8)}  ${percent(share)}  ${service} ${name}`),
    ),
    ...hops.flatMap((hop) => said(`  ${hop}`)),
    ...lines.flatMap(({ service, severity, body }) => said(`  ${severity} ${service}: ${body}`)),
  ]
}

async function board({ config, terminal }: CommandContext): Promise<void> {
  const { results } = await workshopOf(config).drills()
  if (results.length === 0) return terminal.say('Nobody has played yet.')
  for (const { player, level, seed, score, endedAt } of results)
    terminal.say(
      `${String(score).padStart(3)}  ${player.padEnd(20)} level ${level}, seed ${seed}, ${endedAt.slice(0, 16).replace('T', ' ')}`,
    )
}

/** `inventory`, or several as `inventory,pricing`. */
function namesOf(text: string): Answer['components'] {
  const names = text.split(',').map((name) => name.trim())
  const known: readonly string[] = components
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new InvalidArgumentError(`Expected one of ${components.join(', ')}.`)
  return names as Answer['components']
}

// `slow fault`: what the services can be made to do differently, and doing it.
import { type Command, InvalidArgumentError } from 'commander'
import type { Setting } from '../../kit/flags/flag.ts'
import { missingSentence, workshopOf } from '../client.ts'
import type { FlagState } from '../contract.ts'
import { flagNamed, settingFor } from '../settings.ts'
import { shopFlags } from '../shop-flags.ts'
import { type CommandContext, exitCodes } from './command.ts'

type SetOptions = { share?: number; where?: Record<string, string>; for?: string }

export function addFault(program: Command, context: CommandContext): void {
  const fault = program.command('fault').description('list, set and reset the flags of the services')
  fault
    .command('list')
    .description('every flag, its variants and what is set')
    .action(() => list(context))
  fault
    .command('set')
    .description('make a service behave differently; replaces what was set for this flag')
    .argument('<flag>', 'name of the flag')
    .argument('<variant>', 'one of its variants')
    .option('--share <0-1>', 'only for this share of cases', shareOf)
    .option('--where <key=value>', 'only where an attribute has a value; may be repeated', matchOf)
    .option('--for <duration>', 'ends by itself, after 90s, 5m or 1h')
    .action((flag: string, variant: string, options: SetOptions) => set(flag, variant, options, context))
  fault
    .command('reset')
    .description('make everything calm')
    .action(() => reset(context))
}

async function list({ config, terminal }: CommandContext): Promise<void> {
  const { flags, missing, revision } = await workshopOf(config).flags()
  for (const flag of flags) for (const line of flagLines(flag)) terminal.say(line)
  terminal.say('')
  terminal.say(
    missing.length === 0
      ? `Every service has read this (revision ${revision}).`
      : `Not every service has read this: ${missingSentence({ missing })}.`,
  )
}

function flagLines({ name, variants, calm, keys, setting, isEditedByHand }: FlagState): string[] {
  const byHand = isEditedByHand ? ' (edited by hand)' : ''
  const now = setting === undefined ? (isEditedByHand ? 'a rule of its own' : calm) : settingText(setting)
  const isCalm = setting === undefined && !isEditedByHand
  return [
    `${isCalm ? ' ' : '*'} ${name}: ${now}${byHand}`,
    `    variants ${variants.map((variant) => (variant === calm ? `${variant} (calm)` : variant)).join(', ')}`,
    `    attributes ${keys.length === 0 ? 'none' : keys.join(', ')}`,
  ]
}

async function set(name: string, variant: string, options: SetOptions, context: CommandContext): Promise<void> {
  const { config, terminal, exitWith } = context
  const asked = { variant, ...options }
  // Said here as well as by the workshop, so that a typing error is one whether or not the lab runs.
  settingFor(flagNamed(name, shopFlags), asked, Date.now())
  terminal.passing('Waiting for every service to read the flag file…')
  const { setting, missing } = await workshopOf(config).set(name, asked)
  terminal.say(`${name}: ${settingText(setting)}`)
  if (missing.length === 0) return terminal.say('Every service has read it.')
  terminal.say(`It is set, but not every service has read it: ${missingSentence({ missing })}.`)
  exitWith(exitCodes.failed)
}

async function reset({ config, terminal, exitWith }: CommandContext): Promise<void> {
  terminal.passing('Waiting for every service to read the flag file…')
  const { missing } = await workshopOf(config).reset()
  if (missing.length === 0) return terminal.say('Everything is calm, and every service has read it.')
  terminal.say(`Everything is calm, but not every service has read it: ${missingSentence({ missing })}.`)
  exitWith(exitCodes.failed)
}

/** `across-pricing for 30 % where shop.tier = gold until 12:00:00` */
export function settingText({ variant, share, where = {}, until }: Setting): string {
  const matches = Object.entries(where).map(([key, value]) => `${key} = ${value}`)
  return [
    variant,
    share === undefined ? [] : `for ${Number((share * 100).toFixed(3))} %`,
    matches.length === 0 ? [] : `where ${matches.join(' and ')}`,
    until === undefined ? [] : `until ${until}`,
  ]
    .flat()
    .join(' ')
}

function shareOf(text: string): number {
  const share = Number(text)
  if (text.trim() === '' || !(share >= 0 && share <= 1))
    throw new InvalidArgumentError('Expected a number from 0 to 1, such as 0.3 for 30 %.')
  return share
}

function matchOf(text: string, before: Record<string, string> = {}): Record<string, string> {
  const equals = text.indexOf('=')
  if (equals < 1) throw new InvalidArgumentError('Expected key=value, such as shop.tier=gold.')
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) }
}

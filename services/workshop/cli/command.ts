// What every command gets, how it ends, and how bad usage is told from failure.

import { CommanderError, InvalidArgumentError, Option } from 'commander'
import { InvalidRequest } from '../../kit/errors.ts'
import type { State } from '../../lens/evidence.ts'
import { WorkshopRefused } from '../client.ts'
import type { CliConfig } from '../config.ts'
import { InvalidSetting, UnknownFlag, UnknownScenario } from '../errors.ts'

export const exitCodes = { ok: 0, failed: 1, usage: 2, inconclusive: 3 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** How a command ends that had a verdict to give. */
export const verdictCodes: Record<State, ExitCode> = {
  held: exitCodes.ok,
  failed: exitCodes.failed,
  inconclusive: exitCodes.inconclusive,
}

export type Terminal = {
  isTTY: boolean
  columns: number
  colour: boolean
  /** A line that stays. */
  say(line: string): void
  /** A line that the next one replaces; left out where there is no terminal. */
  passing(line: string): void
}

export type CommandContext = {
  config: CliConfig
  terminal: Terminal
  /** Aborted by Ctrl-C. */
  signal: AbortSignal
  /** Commands that do not end well without failing say so here. */
  exitWith(code: ExitCode): void
}

/** Bad usage that commander cannot know of. The message is a sentence. */
export class UsageError extends Error {
  override name = 'UsageError'
}

const usageCodes = ['unknown_flag', 'invalid_setting', 'unknown_scenario', 'invalid_request']

/** 0 after `--help`, 2 for bad usage, 1 for everything else. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  if (error instanceof WorkshopRefused) return usageCodes.includes(error.code) ? exitCodes.usage : exitCodes.failed
  const isUsage = [UsageError, InvalidRequest, UnknownFlag, InvalidSetting, UnknownScenario].some(
    (type) => error instanceof type,
  )
  return isUsage ? exitCodes.usage : exitCodes.failed
}

/** For commander: a whole number from 0. */
export function wholeNumber(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('Expected a whole number from 0.')
  return value
}

/** A trace id as people type it. @throws UsageError */
export function traceIdIn(text: string): string {
  if (!/^[0-9a-f]{32}$/i.test(text)) throw new UsageError(`"${text}" is no trace id: expected 32 hexadecimal digits.`)
  return text.toLowerCase()
}

/** `--source viewer|stack`, for commands that read telemetry. */
export const sourceOption = (): Option =>
  new Option('--source <source>', 'where telemetry is read (default: what SOURCE says, else the viewer)').choices([
    'viewer',
    'stack',
  ])

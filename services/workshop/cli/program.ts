// All commands as one program, from arguments to an exit code. Reads no environment and ends no process.
import { Command, CommanderError } from 'commander'
import type { CliConfig } from '../config.ts'
import { addAudit } from './audit.ts'
import { type ExitCode, exitCodeOf, exitCodes, type Terminal } from './command.ts'
import { addDoctor } from './doctor.ts'
import { addDrill } from './drill.ts'
import { addFault } from './fault.ts'
import { addScenario } from './scenario.ts'
import { addTrace } from './trace.ts'
import { addVerify } from './verify.ts'
import { addWhy } from './why.ts'

export type ProgramOptions = {
  config: CliConfig
  terminal: Terminal
  /** Where sentences about what went wrong go. */
  complain: (text: string) => void
  /** Aborted by Ctrl-C. */
  signal: AbortSignal
}

/** Runs one command to its end. Never rejects. */
export async function runProgram(args: readonly string[], options: ProgramOptions): Promise<ExitCode> {
  const { complain, signal } = options
  let code: ExitCode = exitCodes.ok
  // What failed stays failed, whatever else turns out to be undecided.
  const exitWith = (wanted: ExitCode) => {
    if (code !== exitCodes.failed) code = wanted
  }
  try {
    await programOf({ ...options, exitWith }).parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    // Commander has said it already.
    if (!(error instanceof CommanderError)) complain(messageOf(error, signal))
    return exitCodeOf(error)
  }
}

function programOf(context: ProgramOptions & { exitWith: (code: ExitCode) => void }): Command {
  const { terminal, complain } = context
  const program = new Command('slow')
    .description('Why is this request slow, only sometimes? Makes it so, shows it, proves it.')
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.say(text.trimEnd()), writeErr: (text) => complain(text.trimEnd()) })
    .allowExcessArguments(false)
  for (const add of [addFault, addScenario, addVerify, addTrace, addWhy, addDrill, addAudit, addDoctor])
    add(program, context)
  return program
}

function messageOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'Stopped.'
  return error instanceof Error ? error.message : String(error)
}

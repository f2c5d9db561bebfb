// The workshop's command line: `node services/workshop/cli.ts fault | scenario | verify | trace | audit`, `slow` inside the stack.
import { Command, CommanderError } from 'commander'
import { loadConfig } from '../kit/config.ts'
import { addAudit } from './cli/audit.ts'
import { type CommandContext, type ExitCode, exitCodeOf, exitCodes } from './cli/command.ts'
import { addFault } from './cli/fault.ts'
import { addScenario } from './cli/scenario.ts'
import { openTerminal } from './cli/terminal.ts'
import { addTrace } from './cli/trace.ts'
import { addVerify } from './cli/verify.ts'
import { CliConfig } from './config.ts'

process.exitCode = await main()

async function main(): Promise<ExitCode> {
  const stop = new AbortController()
  // Once: a second Ctrl-C ends the process the hard way, flags and all; these undo themselves when their time is up.
  process.once('SIGINT', () => stop.abort())
  let code: ExitCode = exitCodes.ok
  try {
    const context: CommandContext = {
      config: loadConfig(CliConfig, process.env),
      terminal: openTerminal(process.stdout, process.env.NO_COLOR !== undefined && process.env.NO_COLOR !== ''),
      signal: stop.signal,
      exitWith: (wanted) => {
        code = wanted
      },
    }
    await programOf(context).parseAsync()
    return code
  } catch (error) {
    if (!(error instanceof CommanderError)) console.error(messageOf(error, stop.signal))
    return exitCodeOf(error)
  }
}

function programOf(context: CommandContext): Command {
  const program = new Command('slow')
    .description('Why is this request slow, only sometimes? Makes it so, shows it, proves it.')
    .exitOverride()
    .allowExcessArguments(false)
  for (const add of [addFault, addScenario, addVerify, addTrace, addAudit]) add(program, context)
  return program
}

function messageOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'Stopped.'
  return error instanceof Error ? error.message : String(error)
}

// The workshop's command line: `node services/workshop/cli.ts fault | scenario | verify | trace | audit`, `slow` in the stack.
import { ConfigError, loadConfig } from '../kit/config.ts'
import { exitCodes } from './cli/command.ts'
import { runProgram } from './cli/program.ts'
import { openTerminal } from './cli/terminal.ts'
import { CliConfig } from './config.ts'

process.exitCode = await main()

async function main(): Promise<number> {
  const stop = new AbortController()
  // Once: a second Ctrl-C ends the process the hard way; what it armed undoes itself when its time is up.
  process.once('SIGINT', () => stop.abort())
  process.once('SIGTERM', () => stop.abort())
  const { NO_COLOR } = process.env
  try {
    return await runProgram(process.argv.slice(2), {
      config: loadConfig(CliConfig, process.env),
      terminal: openTerminal(process.stdout, NO_COLOR !== undefined && NO_COLOR !== ''),
      complain: (text) => console.error(text),
      signal: stop.signal,
    })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    return exitCodes.usage
  }
}

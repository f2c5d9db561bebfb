// `slow trace`: one trace in the terminal, with the log lines of every service and of Postgres.
import type { Command } from 'commander'
import { spans } from '../../kit/telemetry/names.ts'
import { renderTrace } from '../../lens/render.ts'
import { openTelemetry, type SourceName, type Telemetry } from '../telemetry.ts'
import { type CommandContext, sourceOption, traceIdIn, UsageError } from './command.ts'

type Options = { slowest?: boolean; route?: string; source?: SourceName }

export function addTrace(program: Command, context: CommandContext): void {
  program
    .command('trace')
    .description('print a trace with its critical path and log lines')
    .argument('[id]', 'trace id, 32 hexadecimal digits')
    .option('--slowest', 'the slowest one that the source has')
    .addOption(sourceOption())
    .option('--route <route>', `with --slowest: of this route (default: "${spans.checkout}")`)
    .action((id: string | undefined, options: Options) => print(id, options, context))
}

async function print(id: string | undefined, options: Options, { config, terminal }: CommandContext): Promise<void> {
  const telemetry = openTelemetry(options.source ?? config.SOURCE, config)
  const traceId = await chosen(id, options, telemetry)
  const details = await telemetry.details(traceId)
  if (details === undefined)
    throw new Error(
      `${capital(telemetry.name)} has no trace ${traceId}: it is not finished yet, was evicted, or never was.`,
    )
  const { columns, colour } = terminal
  terminal.say(renderTrace({ ...details, columns, colour }))
}

async function chosen(id: string | undefined, { slowest, route }: Options, telemetry: Telemetry): Promise<string> {
  if ((id === undefined) === (slowest !== true)) throw new UsageError('Expected a trace id or --slowest, one of them.')
  if (id === undefined) return slowestOf(telemetry, route ?? spans.checkout)
  if (route !== undefined) throw new UsageError('--route goes with --slowest, not with a trace id.')
  return traceIdIn(id)
}

async function slowestOf(telemetry: Telemetry, route: string): Promise<string> {
  const slowest = await telemetry.slowest(route)
  if (slowest !== undefined) return slowest
  throw new Error(
    `${capital(telemetry.name)} has no trace of ${route} yet. Is the lab up, with its traffic? Routes look like "${spans.checkout}".`,
  )
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

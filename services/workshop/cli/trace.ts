// `slow trace`: one trace in the terminal, with the log lines of every service and of Postgres.
import type { Command } from 'commander'
import { spans } from '../../kit/telemetry/names.ts'
import { renderTrace } from '../../lens/render.ts'
import { type ViewerSource, viewerSource } from '../../lens/sources/viewer.ts'
import { viewerUrlOf } from '../config.ts'
import { type CommandContext, UsageError } from './command.ts'

type Options = { slowest?: boolean; route?: string }

export function addTrace(program: Command, context: CommandContext): void {
  program
    .command('trace')
    .description('print a trace with its critical path and log lines')
    .argument('[id]', 'trace id, 32 hexadecimal digits')
    .option('--slowest', 'the slowest one that the viewer has')
    .option('--route <route>', `with --slowest: of this route (default: "${spans.checkout}")`)
    .action((id: string | undefined, options: Options) => print(id, options, context))
}

async function print(id: string | undefined, options: Options, { config, terminal }: CommandContext): Promise<void> {
  const viewer = viewerSource(viewerUrlOf(config))
  const traceId = await chosen(id, options, viewer)
  const details = await viewer.details(traceId)
  if (details === undefined)
    throw new Error(`The viewer has no trace ${traceId}: it is not finished yet, was evicted, or never was.`)
  const { columns, colour } = terminal
  terminal.say(renderTrace({ ...details, columns, colour }))
}

async function chosen(id: string | undefined, { slowest, route }: Options, viewer: ViewerSource): Promise<string> {
  if ((id === undefined) === (slowest !== true)) throw new UsageError('Expected a trace id or --slowest, one of them.')
  if (id === undefined) return slowestOf(viewer, route ?? spans.checkout)
  if (route !== undefined) throw new UsageError('--route goes with --slowest, not with a trace id.')
  if (!/^[0-9a-f]{32}$/i.test(id)) throw new UsageError(`"${id}" is no trace id: expected 32 hexadecimal digits.`)
  return id.toLowerCase()
}

async function slowestOf(viewer: ViewerSource, route: string): Promise<string> {
  const [first] = await viewer.search({ route, sort: 'slowest', limit: 1 })
  if (first !== undefined) return first.traceId
  throw new Error(
    `The viewer has no trace of ${route} yet. Traffic comes with: npm start. Routes look like "${spans.checkout}".`,
  )
}

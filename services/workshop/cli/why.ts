// `slow why`: who is slow, where their time goes, what tells them from others, and what would prove that wrong.
import { writeFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { palette } from '../../lens/text.ts'
import { whyText } from '../../lens/why/text.ts'
import type { Looked } from '../../lens/why/who.ts'
import { why } from '../../lens/why/why.ts'
import { WorkshopRefused, workshopOf } from '../client.ts'
import { typed } from '../config.ts'
import { longestReportMinutes } from '../contract.ts'
import { look, usualMinutes } from '../look.ts'
import { loadRecording } from '../recording.ts'
import { openTelemetry, type SourceName } from '../telemetry.ts'
import { tracePages } from '../trace-pages.ts'
import { type CommandContext, sourceOption, traceIdIn } from './command.ts'

type Options = {
  last?: number
  from?: number
  to?: number
  trace?: string
  replay?: string
  json?: string
  source?: SourceName
}

export function addWhy(program: Command, context: CommandContext): void {
  program
    .command('why')
    .description('say why some checkouts are slow, as far as traces, metrics and logs can')
    .option('--last <minutes>', `of so many minutes (default: ${usualMinutes})`, minutesOf)
    .option('--from <time>', 'from a moment on, such as 14:02 or 2026-11-28T14:02:00Z', momentOf)
    .option('--to <time>', 'until a moment (default: now)', momentOf)
    .addOption(new Option('--trace <id>', 'of the minutes around a checkout').conflicts(['last', 'from', 'to']))
    .addOption(
      new Option('--replay <file>', 'of what `verify --record` kept, while it was armed') //
        .conflicts(['last', 'from', 'to', 'trace', 'source']),
    )
    .option('--json <file>', 'write the whole report as JSON')
    .addOption(sourceOption())
    .action((options: Options) => explain(options, context))
}

async function explain(options: Options, context: CommandContext): Promise<void> {
  const { config, terminal } = context
  if (options.replay === undefined) await refuseInDrill(context)
  const report = why(await lookedAt(options, context))
  const urlOf = tracePages({ ...config, SOURCE: options.source ?? config.SOURCE })
  const layout = { columns: terminal.columns, paint: palette(terminal.colour) }
  const traceUrl = (traceId: string) => urlOf(traceId, report.window.fromMs)
  terminal.say(whyText(report, { ...layout, traceUrl }))
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, undefined, 2)}\n`)
}

/** Where there is no workshop there is no drill. */
async function refuseInDrill({ config }: CommandContext): Promise<void> {
  const drill = await workshopOf(config)
    .drill()
    .catch((error: unknown) => {
      if (error instanceof WorkshopRefused) throw error
      return null
    })
  if (drill !== null)
    throw new Error(`A drill is going on: this would give it away. First: ${typed(config, 'drill', 'reveal')}`)
}

async function lookedAt(options: Options, { config, terminal }: CommandContext): Promise<Looked> {
  const { last, from, to, trace, replay, source } = options
  if (replay !== undefined) {
    terminal.passing(`reading ${replay}`)
    return (await loadRecording(replay)).windows.armed
  }
  const traceId = trace === undefined ? undefined : traceIdIn(trace)
  const asked = { lastMinutes: last, fromMs: from, toMs: to, traceId }
  return look(openTelemetry(source ?? config.SOURCE, config), asked, (says) => terminal.passing(says))
}

function minutesOf(text: string): number {
  const minutes = Number(text)
  if (!(minutes > 0 && minutes <= longestReportMinutes))
    throw new InvalidArgumentError(`Expected more than 0 and up to ${longestReportMinutes} minutes.`)
  return minutes
}

/** A time of today, or a whole one. */
function momentOf(text: string): number {
  const today = /^\d{1,2}:\d{2}(:\d{2})?$/.test(text) ? `${new Date().toDateString()} ${text}` : text
  const ms = Date.parse(today)
  if (Number.isNaN(ms)) throw new InvalidArgumentError('Expected a time, such as 14:02 or 2026-11-28T14:02:00Z.')
  return ms
}

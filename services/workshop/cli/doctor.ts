// `slow doctor`: looks at everything a lab or a stack needs, one line each, and says what to do about what is ill.
import type { Command } from 'commander'
import { palette } from '../../lens/text.ts'
import { workshopOf } from '../client.ts'
import { apiUrlOf, auditUrlOf, type CliConfig, instancesOf, stackOf, viewerUrlOf, workshopUrlOf } from '../config.ts'
import { backendsReady } from '../doctor/backends.ts'
import { clocks } from '../doctor/clocks.ts'
import { ask, type Diagnosis, ill, type Place } from '../doctor/diagnosis.ts'
import { containers, disk, takenPorts } from '../doctor/machine.ts'
import { pillars } from '../doctor/pillars.ts'
import { flagsRead, instancesHealth, workshopHealth } from '../doctor/services.ts'
import { openTelemetry, type SourceName } from '../telemetry.ts'
import { type CommandContext, exitCodes, sourceOption, type Terminal } from './command.ts'

export function addDoctor(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .description('look at services, backends, telemetry and clocks; say what is ill and what to do')
    .addOption(sourceOption())
    .addHelpText('after', '\nExit code: 0 all is well, 1 something is not.')
    .action((options: { source?: SourceName }) => examine(options.source, context))
}

async function examine(asked: SourceName | undefined, { config, terminal, exitWith }: CommandContext): Promise<void> {
  terminal.passing('Looking…')
  const place = await placeOf(asked, config)
  const diagnoses = place === undefined ? await nothingRuns(config) : await examineAll(place, config)
  for (const diagnosis of diagnoses) terminal.say(lineOf(diagnosis, terminal))
  if (diagnoses.some(({ state }) => state === 'ill')) exitWith(exitCodes.failed)
}

/** What runs here: said by whoever asks, by the container that this is, or else by who answers. */
async function placeOf(asked: SourceName | undefined, config: CliConfig): Promise<Place | undefined> {
  const isInside = config.SOURCE === 'stack'
  if (isInside || asked === 'stack') return { kind: 'stack', isInside }
  if (asked === 'viewer') return { kind: 'lab', isInside }
  const answers = (url: URL) =>
    ask(url)
      .then(({ status }) => status === 200)
      .catch(() => false)
  if (await answers(new URL('/healthz', viewerUrlOf(config)))) return { kind: 'lab', isInside }
  if (await answers(new URL('/-/ready', stackOf(config).prometheus))) return { kind: 'stack', isInside }
  const workshop = await answers(new URL('/api/traffic', workshopUrlOf(config)))
  return workshop ? { kind: 'lab', isInside } : undefined
}

async function nothingRuns(config: CliConfig): Promise<Diagnosis[]> {
  const says = `neither a lab (workshop at ${workshopUrlOf(config).origin}) nor a stack (Prometheus at ${stackOf(config).prometheus.origin}) answers`
  const place: Place = { kind: 'lab', isInside: false }
  return [
    ill('lab', says, 'npm start, or docker compose up -d --wait; with PORT_BASE if the lab was started with it'),
    ...(await takenPorts(config.PORT_BASE)),
    ...(await containers(place)),
    await disk(),
  ]
}

async function examineAll(place: Place, config: CliConfig): Promise<Diagnosis[]> {
  const client = workshopOf(config)
  // Outside of a stack only the ports of api and of the workshop are published.
  const isOpen = place.kind === 'lab' || place.isInside
  const instances = isOpen
    ? instancesOf(config)
    : [{ name: 'api', healthUrl: new URL('/healthz', apiUrlOf(config)).href }]
  const [workshop, health, flags, backends, telemetry, engine, room] = await Promise.all([
    workshopHealth(client, workshopUrlOf(config), place),
    instancesHealth(instances, place),
    flagsRead(client, place),
    backendsReady(place, config),
    pillars(openTelemetry(place.kind === 'lab' ? 'viewer' : 'stack', config), place),
    containers(place),
    disk(),
  ])
  // The database is published nowhere, and its password is known inside only.
  const databaseUrl = isOpen ? auditUrlOf(config) : undefined
  const urls = [workshopUrlOf(config).href, ...instances.map(({ healthUrl }) => healthUrl)]
  const time = await clocks(urls, databaseUrl, telemetry.newestMs)
  const poorly = new Set(health.filter(({ state }) => state === 'ill').map(({ about }) => about))
  const unread = flags.filter(({ about }) => !poorly.has(about))
  return [...engine, workshop, ...health, ...unread, ...backends, ...telemetry.diagnoses, ...time, room]
}

const marks = { well: '✓', ill: '✗', note: '-' } as const

function lineOf({ about, state, says, fix }: Diagnosis, { colour }: Terminal): string {
  const paint = palette(colour)
  const line = `${marks[state]} ${about.padEnd(11)} ${says}${fix === undefined ? '' : `. Fix: ${fix}`}`
  return { well: line, ill: paint.red(line), note: paint.dim(line) }[state]
}

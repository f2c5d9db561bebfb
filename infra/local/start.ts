// `npm start`: the whole lab on this machine, until Ctrl-C.
import { mkdir, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { relative, resolve } from 'node:path'
import { CommanderError } from 'commander'
import { ConfigError, loadConfig } from '../../services/kit/config.ts'
import { claimFolder } from './claim.ts'
import { parseOptions, StartConfig, type StartOptions } from './command-line.ts'
import { firstCheckout } from './first-checkout.ts'
import { type Lab, startLab } from './lab.ts'
import { nextSteps, screen } from './screen.ts'
import { stopSignal } from './stop-signal.ts'
import { openTerminal } from './terminal.ts'

const terminal = openTerminal(process.stdout)
/** How the traffic fares is news that replaces the news before it. */
const say = (line: string) => (line.startsWith('baseline: checkouts ') ? terminal.live(line) : terminal.say(line))
const dataDir = resolve(import.meta.dirname, '../../.data')

if (import.meta.main) process.exitCode = await main()

async function main(): Promise<number> {
  // A terminal that went away must not keep the lab from stopping properly.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  try {
    const options = parseOptions()
    const config = loadConfig(StartConfig, process.env)
    await run(options, config)
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    console.error(error instanceof Error ? error.message : error)
    return error instanceof ConfigError ? 2 : 1
  }
}

async function run({ fresh, traffic, dev }: StartOptions, config: StartConfig): Promise<void> {
  const stop = stopSignal({ isUnderNpm: process.env.npm_lifecycle_event !== undefined })
  if (fresh) await throwAway()
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT
  const lab = await startLab({
    ...{ portBase: config.PORT_BASE, seed: config.SEED, dataDir, traffic, say, inherit: inherited() },
    ...(endpoint === undefined ? {} : { otlpEndpoint: endpoint }),
    ...(dev === undefined ? {} : { dev }),
  })
  try {
    await Promise.race([
      lab.failed,
      stop.asked,
      welcome(lab, { traffic, isViewed: endpoint === undefined }, stop.signal),
    ])
    await Promise.race([lab.failed, stop.asked])
  } finally {
    say(
      stop.signal.aborted
        ? '\nStopping: services finish what they are at. Ctrl-C again ends everything at once.'
        : '\nStopping.',
    )
    stop.onSecond(() => void lab.killAll())
    await lab[Symbol.asyncDispose]()
  }
}

/** Tells how far it is, then waits for the first checkout that one can look at. */
async function welcome(
  lab: Lab,
  { traffic, isViewed }: { traffic: boolean; isViewed: boolean },
  signal: AbortSignal,
): Promise<void> {
  try {
    await Promise.all(lab.processes.map(({ name }) => lab.ready(name, signal)))
    say(
      screen(lab, {
        cores: availableParallelism(),
        dataDir: relative(process.cwd(), lab.dataDir) || '.',
        seconds: seconds(),
      }),
    )
    if (!traffic || !isViewed) return say(nextSteps(lab))
    const traceId = await firstCheckout(lab.urls.viewer, signal)
    say(
      `first checkout traced: ${lab.urls.viewer.replace('127.0.0.1', 'localhost')}/trace/${traceId}   (${seconds()} s after the start)`,
    )
    say(nextSteps(lab))
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

function seconds(): string {
  return (performance.now() / 1000).toFixed(1)
}

async function throwAway(): Promise<void> {
  say(`Throwing away ${relative(process.cwd(), dataDir)}: database, bank ledger, flags and logs of earlier runs.`)
  // Claimed first, so that a lab that is running keeps its data.
  await mkdir(dataDir, { recursive: true })
  await using _claim = await claimFolder(dataDir)
  await rm(dataDir, { recursive: true, force: true })
}

/** What every program needs to find its way, and OpenTelemetry's own variables; nothing else that might be a secret. */
function inherited(): Record<string, string> {
  const needed = ['PATH', 'HOME', 'USER', 'LANG', 'TZ', 'TMPDIR', 'SystemRoot']
  const names = [...needed, ...Object.keys(process.env).filter((name) => name.startsWith('OTEL_'))]
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )
}

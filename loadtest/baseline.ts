// Baseline traffic, for ever: `node loadtest/baseline.ts [--rate 10] [--seed 1]`.
import { CommanderError, InvalidArgumentError, program } from 'commander'
import { ConfigError, loadConfig } from '../services/kit/config.ts'
import { users } from '../services/kit/seed.ts'
import { createClient } from './client.ts'
import { apiUrlOf, LoadtestConfig } from './config.ts'
import { play } from './driver.ts'
import { type LiveLine, openLiveLine } from './live-line.ts'
import { isPausedBy, openStretches, wait } from './pauses.ts'
import { type Arrival, endless } from './plan.ts'
import { baseline } from './profiles.ts'
import { signIn } from './sessions.ts'

type Options = { rate: number; seed: number }

process.exitCode = await main()

async function main(): Promise<number> {
  try {
    const options = parseOptions(process.argv)
    const config = loadConfig(LoadtestConfig, process.env)
    await keepPlaying(options, config, stopSignal())
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    return 2
  }
}

/** Plays until stopped, leaving out the pauses; what was not sent before a pause is left out, not sent later in a burst. */
async function keepPlaying({ rate, seed }: Options, config: LoadtestConfig, stop: AbortSignal): Promise<void> {
  using line = openLiveLine(process.stdout)
  const apiUrl = apiUrlOf(config)
  await untilOpen(apiUrl, line, stop)
  const profile = { ...baseline, ratePerSecond: rate }
  const tokens = new Map<string, string>()
  let next = 0
  function* rest(): Generator<Arrival> {
    for (const arrival of endless(profile, seed, next)) {
      next = arrival.iteration + 1
      yield arrival
    }
  }
  for await (const stretch of openStretches(() => isPausedBy(config.WORKSHOP_URL), stop)) {
    line.say(`${rate} checkouts a second to ${apiUrl.href}`)
    for await (const outcome of play(rest(), apiUrl, stretch, { tokens, aheadMs: 500 })) line.add(outcome)
    if (!stop.aborted) line.say('paused: the workshop has the shop to itself')
  }
}

/** Tries to sign in until the shop answers. */
async function untilOpen(apiUrl: URL, line: LiveLine, stop: AbortSignal): Promise<void> {
  using client = createClient(apiUrl, 2000)
  for (let attempt = 0; !stop.aborted; attempt++) {
    try {
      await signIn(client, users[0]?.id ?? '', {})
      return
    } catch (error) {
      if (attempt === 0)
        line.say(`waiting for the shop at ${apiUrl.href} (${error instanceof Error ? error.message : error})`)
      await wait(200, stop)
    }
  }
}

function parseOptions(argv: string[]): Options {
  program
    .name('node loadtest/baseline.ts')
    .description('Plays baseline checkouts against the shop until stopped. Reads API_URL, PORT_BASE and WORKSHOP_URL.')
    .option('--rate <per-second>', 'checkouts a second', positiveNumber, baseline.ratePerSecond)
    .option('--seed <number>', 'which visitors come; the same seed brings the same ones', wholeNumber, 1)
    .allowExcessArguments(false)
    .exitOverride()
    .parse(argv)
  return program.opts<Options>()
}

function positiveNumber(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= 500)) throw new InvalidArgumentError('Expected a number above 0 and up to 500.')
  return value
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('Expected a whole number from 0.')
  return value
}

function stopSignal(): AbortSignal {
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort())
  return stop.signal
}

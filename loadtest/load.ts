// Plays a lesson and reports: `npm run load -- 02` with k6 in its container, `npm run load -- 02 --node` with this process.
import { CommanderError } from 'commander'
import { ConfigError, loadConfig } from '../services/kit/config.ts'
import { apiUrlOf, LoadtestConfig, viewerUrlOf, workshopUrlOf } from './config.ts'
import { exitCodes } from './node/ending.ts'
import { playWithK6 } from './node/k6.ts'
import { chosenLesson, listOfLessons, parseOptions, refuseAnotherShop, UsageError } from './node/options.ts'
import { playWithNode } from './node/play.ts'

process.exitCode = await main()

async function main(): Promise<number> {
  try {
    const { lesson: wanted, ...options } = parseOptions(process.argv)
    if (options.list) {
      console.log(listOfLessons())
      return exitCodes.held
    }
    const lesson = chosenLesson(wanted, options)
    const config = loadConfig(LoadtestConfig, process.env)
    refuseAnotherShop(options, config)
    const urls = {
      ...{ api: apiUrlOf(config), workshop: workshopUrlOf(config), viewer: viewerUrlOf(config) },
      ...(config.WORKSHOP_TOKEN === undefined ? {} : { workshopToken: config.WORKSHOP_TOKEN }),
    }
    if (options.node) return await playWithNode(lesson, { ...options, urls, signal: stopSignal() })
    return await playWithK6(lesson, { ...options, urls, portBase: config.PORT_BASE, env: process.env })
  } catch (error) {
    // Commander has said it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.held : exitCodes.usage
    console.error(error instanceof Error ? error.message : error)
    return error instanceof ConfigError || error instanceof UsageError ? exitCodes.usage : exitCodes.failed
  }
}

/** Aborts at the first Ctrl-C; the second ends the process the hard way. */
function stopSignal(): AbortSignal {
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort())
  return stop.signal
}

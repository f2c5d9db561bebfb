// What `npm start` can be told: options on the command line and variables in the environment.
import { Option, program } from 'commander'
import { z } from 'zod'
import { portBase } from '../../services/kit/config.ts'
import { devServices } from './topology.ts'

/** What the runner itself reads; each process is told its own part. */
export const StartConfig = z.object({
  PORT_BASE: portBase,
  SEED: z.coerce.number().int().min(0).default(1).describe('Seed of everything random in the world around the shop'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where telemetry goes, OTLP over HTTP; the built-in viewer when absent'),
})
export type StartConfig = z.output<typeof StartConfig>

export type StartOptions = { fresh: boolean; traffic: boolean; dev?: string }

/** Throws commander's error after it has printed help or what is wrong. */
export function parseOptions(): StartOptions {
  program
    .name('npm start --')
    .description('Starts the shop, its world, the workshop, the viewer and baseline traffic. Ctrl-C stops it all.')
    .option('--fresh', 'throw away the data of earlier runs first', false)
    .option('--no-traffic', 'leave out the baseline of 10 checkouts a second')
    .addOption(
      new Option('--dev <service>', 'restart this service on change, with the inspector open').choices(devServices),
    )
    .addHelpText('after', '\nPORT_BASE=100 npm start moves every port by 100, for a second checkout beside the first.')
    .allowExcessArguments(false)
    .exitOverride()
    .parse()
  return program.opts<StartOptions>()
}

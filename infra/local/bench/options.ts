// What `npm run bench` can be told.
import { Command, InvalidArgumentError } from 'commander'
import { whyNotWritable } from '../../../loadtest/node/writable.ts'
import { usualK6 } from './k6-here.ts'

export type BenchOptions = { only?: string[]; long: boolean; knee?: number; minutes: number; k6: string; json?: string }

/** Throws commander's error after it has printed help or what is wrong. */
export function parseOptions(names: readonly string[], argv: string[]): BenchOptions {
  const program = new Command('npm run bench --')
    .description('Measures this machine: start, latency, memory, telemetry, and with --long what it does under load.')
    .option('--only <names...>', `some of: ${names.join(', ')}`)
    .option('--long', 'also what takes long: closed, kills, knee, overload, soak', false)
    .option('--knee <per-second>', 'the knee, where it is known: for overload and soak', positive)
    .option('--minutes <number>', 'how long the soak takes', positive, 20)
    .option(
      '--k6 <program>',
      'where k6 is, for the comparison with the Node driver; its container where there is no such program',
      usualK6,
    )
    .option('--json <file>', 'write the numbers there as well')
    .allowExcessArguments(false)
    .exitOverride()
    .parse(argv)
  const given = program.opts<BenchOptions>()
  const unknown = given.only?.filter((name) => !names.includes(name)) ?? []
  if (unknown.length > 0) program.error(`There is no bench ${unknown.join(', ')}: there are ${names.join(', ')}.`)
  // Tried now, and not when everything is measured.
  const why = given.json === undefined ? undefined : whyNotWritable(given.json)
  if (why !== undefined) program.error(why)
  return given
}

function positive(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= 1_000)) throw new InvalidArgumentError('Expected a number above 0 and up to 1000.')
  return value
}

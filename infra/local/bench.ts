// `npm run bench`: the numbers that the design promises, measured here and printed with the machine they were measured on.
import { writeFile } from 'node:fs/promises'
import { cpus, release, totalmem, type } from 'node:os'
import { CommanderError, program } from 'commander'
import { calmLatency } from './bench/calm-latency.ts'
import { memoryAfter } from './bench/memory-after.ts'
import { secondStart } from './bench/second-start.ts'
import { telemetryCost } from './bench/telemetry-cost.ts'
import { viewerIngest } from './bench/viewer-ingest.ts'

/** One line of the table. `isReached` is absent where the goal is to state a number. */
export type Measurement = { what: string; goal: string; measured: string; isReached?: boolean; details?: unknown }

export type Bench = { name: string; seconds: number; run: (say: (line: string) => void) => Promise<Measurement[]> }

const benches: Bench[] = [
  { name: 'start', seconds: 25, run: secondStart },
  { name: 'calm', seconds: 55, run: calmLatency },
  { name: 'memory', seconds: 135, run: memoryAfter },
  { name: 'telemetry', seconds: 110, run: telemetryCost },
  { name: 'viewer', seconds: 20, run: viewerIngest },
]

process.exitCode = await main()

async function main(): Promise<number> {
  try {
    const { only, json } = options()
    const chosen = benches.filter(({ name }) => only === undefined || only.includes(name))
    const machine = machineSentence()
    console.log(`${machine}\nAbout ${Math.ceil(chosen.reduce((sum, { seconds }) => sum + seconds, 0) / 60)} minutes.\n`)
    const measurements: Measurement[] = []
    for (const { name, seconds, run } of chosen) {
      console.log(`${name} (about ${seconds} s) …`)
      measurements.push(...(await run((line) => console.log(`  ${line}`))))
    }
    console.log(`\n${table(measurements)}\n\n${machine}`)
    if (json !== undefined)
      await writeFile(json, `${JSON.stringify({ machine, at: new Date(), measurements }, null, 2)}\n`)
    return measurements.every(({ isReached }) => isReached !== false) ? 0 : 1
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    console.error(error instanceof Error ? error.message : error)
    return 1
  }
}

function options(): { only?: string[]; json?: string } {
  const names = benches.map(({ name }) => name)
  program
    .name('npm run bench --')
    .description('Measures this machine: start, calm latency, memory, what telemetry costs, what the viewer takes in.')
    .option('--only <names...>', `some of: ${names.join(', ')}`)
    .option('--json <file>', 'write the numbers there as well')
    .allowExcessArguments(false)
    .exitOverride()
    .parse()
  const given = program.opts<{ only?: string[]; json?: string }>()
  const unknown = given.only?.filter((name) => !names.includes(name)) ?? []
  if (unknown.length > 0) program.error(`There is no bench ${unknown.join(', ')}: there are ${names.join(', ')}.`)
  return given
}

function machineSentence(): string {
  const cores = cpus()
  const memoryGiB = (totalmem() / 2 ** 30).toFixed(0)
  return `${cores.length} × ${cores[0]?.model.trim() ?? 'unknown CPU'}, ${memoryGiB} GiB, ${type()} ${release()}, Node ${process.version}`
}

function table(measurements: Measurement[]): string {
  const rows = [
    ['', 'goal', 'measured', ''],
    ...measurements.map(({ what, goal, measured, isReached }) => [
      what,
      goal,
      measured,
      isReached === undefined ? '' : isReached ? 'reached' : 'NOT REACHED',
    ]),
  ]
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] as string).length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

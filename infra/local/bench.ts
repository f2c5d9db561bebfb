// `npm run bench`: the numbers that the design promises, measured here and printed with the machine they were measured on.
import { writeFile } from 'node:fs/promises'
import { CommanderError } from 'commander'
import { calmLatency } from './bench/calm-latency.ts'
import { type BenchContext, contextOf } from './bench/context.ts'
import { kills } from './bench/kills.ts'
import { knee } from './bench/knee.ts'
import { memoryAfter } from './bench/memory-after.ts'
import { parseOptions } from './bench/options.ts'
import { overload } from './bench/overload.ts'
import { secondStart } from './bench/second-start.ts'
import { soak } from './bench/soak.ts'
import { symptoms } from './bench/symptoms.ts'
import { machineSentence, tableOf } from './bench/table.ts'
import { telemetryCost } from './bench/telemetry-cost.ts'
import { twin } from './bench/twin.ts'
import { viewerIngest } from './bench/viewer-ingest.ts'

/** One line of the table. `isReached` is absent where the goal is to state a number, or where nothing could be measured. */
export type Measurement = { what: string; goal: string; measured: string; isReached?: boolean; details?: unknown }

export type Bench = {
  name: string
  seconds: number
  run: (context: BenchContext) => Promise<Measurement[]>
  /** Takes long, and is left out unless asked for. */
  isLong?: true
}

const benches = (minutes: number): Bench[] => [
  { name: 'start', seconds: 25, run: secondStart },
  { name: 'calm', seconds: 55, run: calmLatency },
  { name: 'memory', seconds: 135, run: memoryAfter },
  { name: 'telemetry', seconds: 110, run: telemetryCost },
  { name: 'viewer', seconds: 20, run: viewerIngest },
  { name: 'symptoms', seconds: 190, run: symptoms },
  { name: 'twin', seconds: 220, run: twin },
  { name: 'kills', seconds: 150, run: kills, isLong: true },
  { name: 'knee', seconds: 480, run: knee, isLong: true },
  { name: 'overload', seconds: 170, run: overload, isLong: true },
  { name: 'soak', seconds: 45 + 60 * minutes, run: soak, isLong: true },
]
const names = benches(0).map(({ name }) => name)

process.exitCode = await main()

async function main(): Promise<number> {
  try {
    const options = parseOptions(names, process.argv)
    const chosen = benches(options.minutes).filter(({ name, isLong = false }) =>
      options.only === undefined ? options.long || !isLong : options.only.includes(name),
    )
    const machine = machineSentence()
    console.log(`${machine}\nAbout ${Math.ceil(chosen.reduce((sum, { seconds }) => sum + seconds, 0) / 60)} minutes.\n`)
    const measurements = await measured(chosen, contextOf(options))
    console.log(`\n${tableOf(measurements)}\n\n${machine}`)
    if (options.json !== undefined)
      await writeFile(options.json, `${JSON.stringify({ machine, at: new Date(), measurements }, null, 2)}\n`)
    return measurements.every(({ isReached }) => isReached !== false) ? 0 : 1
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    console.error(error instanceof Error ? error.message : error)
    return 1
  }
}

/** One after another. One that fails does not take the numbers of the others with it. */
async function measured(chosen: Bench[], context: BenchContext): Promise<Measurement[]> {
  const measurements: Measurement[] = []
  for (const { name, seconds, run } of chosen) {
    console.log(`${name} (about ${seconds} s) …`)
    try {
      measurements.push(...(await run(context)))
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      measurements.push({ what: name, goal: '', measured: `failed: ${why}`, isReached: false })
    }
  }
  return measurements
}

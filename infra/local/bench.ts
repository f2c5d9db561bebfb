// `npm run bench`: the numbers that the design promises, measured here and printed with the machine they were measured on.
import { writeFile } from 'node:fs/promises'
import { CommanderError } from 'commander'
import { calmLatency } from './bench/calm-latency.ts'
import { closed } from './bench/closed.ts'
import { type BenchContext, contextOf } from './bench/context.ts'
import { inTurn } from './bench/in-turn.ts'
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
import { type StopSignal, stopSignal } from './stop-signal.ts'

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
  { name: 'closed', seconds: 155, run: closed, isLong: true },
  { name: 'kills', seconds: 150, run: kills, isLong: true },
  { name: 'knee', seconds: 480, run: knee, isLong: true },
  { name: 'overload', seconds: 170, run: overload, isLong: true },
  { name: 'soak', seconds: 45 + 60 * minutes, run: soak, isLong: true },
]
const names = benches(0).map(({ name }) => name)

/** What a stop by Ctrl-C is to a shell. */
const stoppedCode = 130

const code = await main()
process.exitCode = code
// Its lab is gone, and its numbers are written: whatever the bench that was at work still waits for is of no use.
if (code === stoppedCode) process.exit()

async function main(): Promise<number> {
  // A terminal that went away must not keep a lab from stopping properly.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  try {
    const options = parseOptions(names, process.argv)
    const chosen = benches(options.minutes).filter(({ name, isLong = false }) =>
      options.only === undefined ? options.long || !isLong : options.only.includes(name),
    )
    const machine = machineSentence()
    console.log(`${machine}\nAbout ${Math.ceil(chosen.reduce((sum, { seconds }) => sum + seconds, 0) / 60)} minutes.\n`)
    const { signal } = stopping()
    const measurements = await inTurn(chosen, contextOf(options, signal))
    console.log(`\n${tableOf(measurements)}\n\n${machine}`)
    if (options.json !== undefined)
      await writeFile(
        options.json,
        `${JSON.stringify({ machine, at: new Date(), isPartial: signal.aborted, measurements }, null, 2)}\n`,
      )
    if (signal.aborted) return stoppedCode
    return measurements.every(({ isReached }) => isReached !== false) ? 0 : 1
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    console.error(error instanceof Error ? error.message : error)
    return 1
  }
}

function stopping(): StopSignal {
  const stop = stopSignal({ isUnderNpm: process.env.npm_lifecycle_event !== undefined })
  void stop.asked.then(() =>
    console.log('\nStopping: what is measured so far follows. Ctrl-C again ends everything at once.'),
  )
  // The lab's lifeline ends its processes.
  stop.onSecond(() => process.exit(stoppedCode))
  return stop
}

// What telemetry costs: CPU time of the four services per checkout, with and without it, taken in turns.
import { readFile } from 'node:fs/promises'
import type { Bench, Measurement } from '../bench.ts'
import type { Lab } from '../lab.ts'
import type { ProcessSpec } from '../topology.ts'
import { inBenchLab, playProof } from './bench-lab.ts'

const rounds = 2
const seconds = 15
const services = ['api', 'inventory', 'payment-1', 'payment-2', 'pricing']
/** What Linux counts CPU time in. */
const ticksPerSecond = 100

export const telemetryCost: Bench['run'] = async ({ say, signal }) => {
  if (process.platform !== 'linux') return [stated('not measured: needs Linux')]
  const withIt: number[] = []
  const without: number[] = []
  for (let round = 1; round <= rounds; round++) {
    withIt.push(await microsPerCheckout((specs) => specs, round, signal))
    without.push(await microsPerCheckout(withoutHooks, round, signal))
    say(`round ${round}: ${withIt.at(-1)?.toFixed(0)} µs with, ${without.at(-1)?.toFixed(0)} µs without`)
  }
  const [on, off] = [Math.min(...withIt), Math.min(...without)]
  const cost = `${(on - off).toFixed(0)} µs (${on.toFixed(0)} with, ${off.toFixed(0)} without)`
  return [{ ...stated(cost), details: { withIt, without } }]
}

const stated = (measured: string): Measurement => ({
  what: 'telemetry: CPU per checkout, all services together',
  goal: 'stated',
  measured,
})

function withoutHooks(specs: ProcessSpec[]): ProcessSpec[] {
  return specs.map((spec) =>
    services.includes(spec.name)
      ? { ...spec, args: spec.args.filter((arg) => !/^--import$|telemetry/.test(arg)) }
      : spec,
  )
}

function microsPerCheckout(
  processes: (specs: ProcessSpec[]) => ProcessSpec[],
  seed: number,
  signal: AbortSignal,
): Promise<number> {
  return inBenchLab(
    signal,
    async (lab) => {
      await playProof(lab, seed, 8)
      const before = await cpuSeconds(lab)
      const outcomes = await playProof(lab, seed + 10, seconds)
      return ((await cpuSeconds(lab)) - before) * (1e6 / outcomes.length)
    },
    { processes },
  )
}

async function cpuSeconds(lab: Lab): Promise<number> {
  const pids = lab.pids()
  const times = await Promise.all(
    services.map(async (name) => cpuOf(await readFile(`/proc/${pids[name]}/stat`, 'utf8'))),
  )
  return times.reduce((sum, time) => sum + time, 0)
}

/** utime and stime, fields 14 and 15; the name in field 2 may hold spaces. */
function cpuOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

// What the whole lab takes after two minutes of baseline traffic.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from '../bench.ts'
import { memoryOf } from '../memory.ts'
import { inBenchLab } from './bench-lab.ts'
import { inMiB } from './memory-samples.ts'

const goalGiB = 1.5
const afterSeconds = 120

export const memoryAfter: Bench['run'] = ({ say, signal }) =>
  inBenchLab(
    signal,
    async (lab) => {
      for (let waited = 0; waited < afterSeconds; waited += 30) {
        say(`${waited} of ${afterSeconds} s`)
        await sleep(30_000, undefined, { signal: lab.signal })
      }
      const memory = await memoryOf(lab.pids())
      for (const [name, bytes] of Object.entries(memory.bytes)) say(`${name.padEnd(12)}${inMiB(bytes)}`)
      return [
        {
          what: `memory after ${afterSeconds} s at 10/s (sum of ${memory.measure.toUpperCase()})`,
          goal: `≤ ${goalGiB} GiB`,
          measured: `${(memory.totalBytes / 2 ** 30).toFixed(2)} GiB`,
          isReached: memory.totalBytes <= goalGiB * 2 ** 30,
          details: memory,
        },
      ]
    },
    { traffic: true },
  )

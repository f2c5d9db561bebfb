// What the whole lab takes after two minutes of baseline traffic.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Measurement } from '../bench.ts'
import { memoryOf } from '../memory.ts'
import { benchLab, inDataDir } from './bench-lab.ts'

const goalGiB = 1.5
const afterSeconds = 120

export function memoryAfter(say: (line: string) => void): Promise<Measurement[]> {
  return inDataDir(async (dataDir) => {
    await using lab = await benchLab({ dataDir, traffic: true })
    for (let waited = 0; waited < afterSeconds; waited += 30) {
      say(`${waited} of ${afterSeconds} s`)
      await sleep(30_000)
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
  })
}

const inMiB = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`

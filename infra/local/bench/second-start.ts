// How long until somebody can look at a checkout, once the database exists.
import type { Bench } from '../bench.ts'
import { firstCheckout } from '../first-checkout.ts'
import { benchLab, inDataDir } from './bench-lab.ts'

const goalSeconds = 6
const rounds = 3

export const secondStart: Bench['run'] = ({ say, signal }) =>
  inDataDir(async (dataDir) => {
    await startOnce(dataDir, signal)
    const seconds: number[] = []
    for (let round = 1; round <= rounds; round++) {
      seconds.push(await startOnce(dataDir, signal))
      say(`start ${round}: ${seconds.at(-1)?.toFixed(1)} s`)
    }
    const median = seconds.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN
    return [
      {
        what: 'second start → first checkout in all three pillars',
        goal: `≤ ${goalSeconds} s`,
        measured: `${median.toFixed(1)} s (median of ${rounds})`,
        isReached: median <= goalSeconds,
        details: { seconds },
      },
    ]
  })

async function startOnce(dataDir: string, signal: AbortSignal): Promise<number> {
  const startedAt = performance.now()
  await using lab = await benchLab(signal, { dataDir, traffic: true })
  await firstCheckout(lab.urls.viewer, lab.signal)
  return (performance.now() - startedAt) / 1000
}

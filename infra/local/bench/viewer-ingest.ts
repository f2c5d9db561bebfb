// What the viewer takes in, and what it weighs when it is full.
import { benchViewer } from '../../viewer/bench.ts'
import type { Bench, Measurement } from '../bench.ts'

const goalSpans = 20_000
const goalMiB = 256
const spansEach = 150_000

export const viewerIngest: Bench['run'] = async ({ say, signal }) => {
  const { figures, fullMiB } = await benchViewer(spansEach, signal)
  for (const { encoding, perSecond } of figures) say(`${encoding}: ${perSecond.toFixed(0)} spans a second on the clock`)
  const rates: Measurement[] = figures.map(({ encoding, perCoreSecond }) => ({
    what: `viewer: spans per second of one core, ${encoding}`,
    goal: `≥ ${goalSpans.toLocaleString('en')}`,
    measured: Math.round(perCoreSecond).toLocaleString('en'),
    isReached: perCoreSecond >= goalSpans,
  }))
  const memory = {
    what: 'viewer: memory with every store full (RSS)',
    goal: `≤ ${goalMiB} MiB`,
    measured: `${fullMiB.toFixed(0)} MiB`,
    isReached: fullMiB <= goalMiB,
  }
  return [...rates, memory]
}

// Half the knee for twenty minutes: does anything grow, and is the last minute like the first?

import { play } from '../../../loadtest/driver.ts'
import { plan } from '../../../loadtest/plan.ts'
import { proof } from '../../../loadtest/profiles.ts'
import { isGood } from '../../../loadtest/report.ts'
import { slo } from '../../../services/kit/slo.ts'
import { fillStores } from '../../viewer/fill.ts'
import type { Bench, Measurement } from '../bench.ts'
import { type BenchLab, inBenchLab } from './bench-lab.ts'
import type { BenchContext } from './context.ts'
import { type MemorySample, memoryDuring } from './memory-samples.ts'
import { type Slope, slopeOf } from './slope.ts'

const goalPerMinute = 1
/** Compilers, caches and pools fill at first; at most this long is left out. */
const mostWarmUpMinutes = 5
const sampleEveryMs = 5_000
const fewestSamples = 3

export const soak: Bench['run'] = async (context) => {
  const ratePerSecond = Math.max(1, Math.round((await context.knee()) / 2))
  return inBenchLab(context.signal, async (lab) => {
    const { minutes, say } = context
    // What a store may still take cannot be told from what leaks.
    say("filling the viewer's stores")
    await fillStores(lab.urls.viewer, lab.signal)
    const warmUpMinutes = Math.min(mostWarmUpMinutes, minutes / 4)
    say(`${ratePerSecond}/s for ${minutes} minutes, of which the first ${warmUpMinutes} are warm-up`)
    const startedMs = performance.now()
    const { result, samples } = await memoryDuring(lab, sampleEveryMs, () => counted(lab, ratePerSecond, context))
    const warm = samples.filter(({ atMs }) => atMs >= startedMs + warmUpMinutes * 60_000)
    return [growth(warm, `soak, ${minutes} minutes at ${ratePerSecond}/s`, say), objective(result)]
  })
}

type Counts = { count: number; good: number }

/** Plays without keeping outcomes: twenty minutes of them would make the driver grow. */
async function counted(lab: BenchLab, ratePerSecond: number, { minutes, say }: BenchContext): Promise<Counts> {
  const counts = { count: 0, good: 0 }
  const profile = { ...proof, ratePerSecond, durationSeconds: minutes * 60 }
  const planned = plan(profile, 11)
  const telling = setInterval(
    () => say(`${counts.count} of ${planned.length} checkouts, ${shareOf(counts)} in time`),
    60_000,
  )
  try {
    for await (const outcome of play(planned, new URL(lab.urls.api), lab.signal)) {
      counts.count++
      if (isGood(outcome)) counts.good++
    }
  } finally {
    clearInterval(telling)
  }
  lab.signal.throwIfAborted()
  return counts
}

/** Which process grows most, told from samples that were taken after the warm-up. */
export function growth(samples: MemorySample[], what: string, say: (line: string) => void): Measurement {
  const row = { what: `${what}: memory of the process that grows most`, goal: `≤ ${goalPerMinute} MiB a minute` }
  if (samples.length < fewestSamples) return { ...row, measured: `not judged: ${samples.length} samples make no line` }
  const slopes = Object.keys(samples.at(-1)?.bytes ?? {})
    .map((name) => ({
      name,
      ...slopeOf(samples.map(({ atMs, bytes }) => ({ atMs, value: (bytes[name] ?? 0) / 2 ** 20 }))),
    }))
    .sort((a, b) => b.perMinute - a.perMinute)
  for (const { name, ...slope } of slopes) say(`${name.padEnd(12)}${slopeText(slope)}`)
  const [steepest] = slopes
  return {
    ...row,
    measured: steepest === undefined ? 'nothing to measure' : `${steepest.name} ${slopeText(steepest)}`,
    isReached: steepest !== undefined && steepest.perMinute <= goalPerMinute,
    details: { measure: samples[0]?.measure, slopes, samples },
  }
}

const slopeText = ({ perMinute, standardError }: Slope) =>
  `${perMinute.toFixed(2)} ± ${(2 * standardError).toFixed(2)} MiB a minute`

const objective = (counts: Counts): Measurement => ({
  what: `soak: checkouts within ${slo.thresholdMs} ms`,
  goal: `≥ ${slo.objective * 100} %`,
  measured: `${shareOf(counts)} of ${counts.count}`,
  isReached: counts.good >= slo.objective * counts.count,
})

const shareOf = ({ count, good }: Counts) => `${((good / Math.max(1, count)) * 100).toFixed(2)} %`

// The knee: how many checkouts a second this machine takes, driver included, before the objective breaks. Found twice.
import { lineOf } from '../../../loadtest/live-line.ts'
import { summarise } from '../../../loadtest/report.ts'
import { slo } from '../../../services/kit/slo.ts'
import type { Bench, Measurement } from '../bench.ts'
import { type BenchLab, inBenchLab, playAt } from './bench-lab.ts'
import type { BenchContext } from './context.ts'
import { findKnee, type Knee } from './find-knee.ts'

const trialSeconds = 15
const goalRatio = 1.15

export const knee: Bench['run'] = async ({ say, signal, knew }) => {
  const found: Knee[] = []
  for (const round of [1, 2]) {
    say(`search ${round} of 2`)
    found.push(await kneeOf({ say, signal }, round * 100))
  }
  const rates = found.flatMap(({ heldAt }) => heldAt ?? [])
  const [low, high] = [Math.min(...rates), Math.max(...rates)]
  if (rates.length === found.length) knew(low)
  return [
    {
      what: `knee: highest rate at which ${slo.objective * 100} % are within ${slo.thresholdMs} ms`,
      goal: `twice within ${Math.round((goalRatio - 1) * 100)} %`,
      measured: rates.length < found.length ? 'none' : `${rates.join(' and ')}/s (${percentApart(low, high)} % apart)`,
      isReached: rates.length === found.length && high / low <= goalRatio,
      details: { found },
    } satisfies Measurement,
  ]
}

const percentApart = (low: number, high: number) => Math.round((high / low - 1) * 100)

/** One search, in a lab of its own. */
export function kneeOf({ say, signal }: Pick<BenchContext, 'say' | 'signal'>, seed: number): Promise<Knee> {
  return inBenchLab(signal, async (lab) => {
    const tokens = new Map<string, string>()
    await playAt(lab, { seed, durationSeconds: trialSeconds, tokens })
    let trial = 0
    return findKnee(async (ratePerSecond) => {
      trial++
      const outcomes = await playAt(lab, { seed: seed + trial, durationSeconds: trialSeconds, ratePerSecond, tokens })
      const report = summarise(outcomes)
      const isHeld = report.goodShare >= slo.objective
      const lag = `start lag p99 ${(report.startLagP99Ms ?? 0).toFixed(0)} ms`
      say(`${ratePerSecond}/s ${isHeld ? 'held' : 'broken'}: ${lineOf(report)} · ${lag}`)
      if (!isHeld) await settled((rest) => isQuick(lab, tokens, rest))
      return isHeld
    })
  })
}

const mostRests = 8
const rests = { durationSeconds: 5, ratePerSecond: 10 }

/**
 * Waits until the shop is quick again: what a trial leaves behind must not break the next one.
 * @throws Error when it does not come back: whatever would be measured then is charged to the wrong rate
 */
export async function settled(isQuickNow: (rest: number) => Promise<boolean>): Promise<void> {
  for (let rest = 1; rest <= mostRests; rest++) if (await isQuickNow(rest)) return
  const seconds = mostRests * rests.durationSeconds
  throw new Error(
    `The shop is not quick again after ${seconds} s at ${rests.ratePerSecond}/s: no trial can follow one that was broken.`,
  )
}

async function isQuick(lab: BenchLab, tokens: Map<string, string>, seed: number): Promise<boolean> {
  return summarise(await playAt(lab, { ...rests, seed, tokens })).goodShare >= slo.objective
}

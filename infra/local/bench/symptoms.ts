// One scenario, proved: how soon its symptoms can be queried, what it does to checkouts, and whether exemplars lead to the slow ones.
import { setTimeout as sleep } from 'node:timers/promises'
import { proof as proofProfile } from '../../../loadtest/profiles.ts'
import { slo } from '../../../services/kit/slo.ts'
import { metrics } from '../../../services/kit/telemetry/names.ts'
import { viewerSource } from '../../../services/lens/sources/viewer.ts'
import { checkoutSpan, durationMs } from '../../../services/lens/trace.ts'
import { labControls, workshopClient } from '../../../services/workshop/client.ts'
import { type Impact, proofOf } from '../../../services/workshop/proof.ts'
import { prove } from '../../../services/workshop/prove.ts'
import { hotProduct } from '../../../services/workshop/scenarios/hot-product.ts'
import type { Bench, Measurement } from '../bench.ts'
import { type BenchLab, inBenchLab, playAt } from './bench-lab.ts'

const scenario = hotProduct
const seed = 7
const goals = {
  afterSeconds: 20,
  medianRatio: 1.25,
  slowShare: [0.02, 0.15],
  certainShare: 0.01,
  exemplars: 0.98,
} as const

export const symptoms: Bench['run'] = ({ say, signal }) =>
  inBenchLab(signal, async (lab) => {
    const controls = labControls(workshopClient(new URL(lab.urls.workshop)))
    const recording = await prove(scenario, {
      ...{ source: viewerSource(new URL(lab.urls.viewer)), target: new URL(lab.urls.api), controls, seed },
      signal: lab.signal,
      onProgress: ({ says, isPassing }) => isPassing || say(says),
    })
    const { explanation, judgement } = proofOf(scenario, recording)
    say(`${scenario.id}: ${judgement.state}`)
    await controls.arm(scenario.arm)
    const reached = await reachedByExemplars(lab)
    await controls.reset()
    return [afterArming(explanation.evidenceAfterMs), impact(explanation.impact), exemplars(reached)]
  })

const afterArming = (ms: number | undefined): Measurement => ({
  what: `arm ${scenario.id} → its symptoms queryable in three pillars`,
  goal: `≤ ${goals.afterSeconds} s`,
  measured: ms === undefined ? 'not all of them within the window' : `${(ms / 1000).toFixed(0)} s`,
  isReached: ms !== undefined && ms <= goals.afterSeconds * 1000,
})

function impact({ medianRatio, slowShare, slow, checkouts, interval }: Impact): Measurement {
  const [least, most] = goals.slowShare
  const isShareRight = slowShare >= least && slowShare <= most && interval.low > goals.certainShare
  return {
    what: `${scenario.id}: median over the calm one · checkouts over ${slo.thresholdMs} ms`,
    goal: `≤ ${goals.medianRatio} · ${least * 100} to ${most * 100} %`,
    measured: `${medianRatio.toFixed(2)} · ${(slowShare * 100).toFixed(1)} % (${slow} of ${checkouts}, 95 %: from ${(interval.low * 100).toFixed(1)} %)`,
    isReached: medianRatio <= goals.medianRatio && isShareRight,
  }
}

type Reached = { slow: number; reached: number }

function exemplars({ slow, reached }: Reached): Measurement {
  return {
    what: 'slow checkouts that an exemplar of the histogram leads to',
    goal: `≥ ${goals.exemplars * 100} %`,
    measured: `${reached} of ${slow}`,
    ...(slow === 0 ? {} : { isReached: reached / slow >= goals.exemplars }),
  }
}

/** The viewer keeps the newest 500 exemplars of a series: fewer are played. */
const exemplarSeconds = 20
/** By then the spans and the metrics of the last seconds have come. */
const reportedMs = 10_000

async function reachedByExemplars(lab: BenchLab): Promise<Reached> {
  const fromMs = Date.now()
  const { ratePerSecond } = proofProfile
  const outcomes = await playAt(lab, { seed: seed + 1, durationSeconds: exemplarSeconds, ratePerSecond })
  await sleep(reportedMs, undefined, { signal: lab.signal })
  const ids = outcomes.flatMap(({ traceId, requestMs = 0 }) =>
    traceId && requestMs > slo.thresholdMs ? [traceId] : [],
  )
  const traces = await viewerSource(new URL(lab.urls.viewer)).traces(ids)
  const slow = traces.values().filter((trace) => {
    const span = checkoutSpan(trace)
    return span !== undefined && durationMs(span) > slo.thresholdMs
  })
  const query = new URLSearchParams({ metric: metrics.checkoutDuration, from: String(fromMs), to: String(Date.now()) })
  const answer = await fetch(`${lab.urls.viewer}/api/exemplars?${query}`)
  const known = new Set(
    ((await answer.json()) as { exemplars: { traceId: string }[] }).exemplars.map(({ traceId }) => traceId),
  )
  const slowIds = slow.map(({ traceId }) => traceId).toArray()
  return { slow: slowIds.length, reached: slowIds.filter((id) => known.has(id)).length }
}

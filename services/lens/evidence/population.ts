// Who a claim is about: the slow and the fast checkouts of a cohort with their traces, or the reason why they cannot be judged.
import { slo } from '../../kit/slo.ts'
import { median } from '../statistics.ts'
import { percent } from '../text.ts'
import type { Trace } from '../trace.ts'
import { type Cohort, type Evidence, failed, inconclusive, type Observed, type Sample, type Verdict } from './types.ts'

/** Fewer checkouts than this in a window say nothing about a share of a few per cent. */
export const fewestSamples = 100
/** Fewer slow (or fast) checkouts than this make no pattern. */
export const fewestSlow = 5
/** Up to this share of slow checkouts may lack a trace that was recorded before the telemetry, not the shop, is in doubt. */
const mostTracesMissing = 0.1

export type Traced = { sample: Sample; trace: Trace }
export type Population = { slow: Traced[]; fast: Traced[] }

export const isSlow = (sample: Sample): boolean => sample.latencyMs > slo.thresholdMs

/** How many checkouts there were, how many of them slow, and the median in ms. */
export function shapeOf({ samples }: Pick<Observed, 'samples'>) {
  const slow = samples.filter(isSlow).length
  const medianMs = median(samples.map(({ latencyMs }) => latencyMs))
  return { total: samples.length, slow, slowShare: slow / samples.length, medianMs }
}

export const isIn = (sample: Sample, cohort: Cohort): boolean =>
  Object.entries(cohort).every(([key, wanted]) =>
    typeof wanted === 'string' ? sample.cohort[key] === wanted : sample.cohort[key] !== wanted.not,
  )

/**
 * The slow and the fast checkouts of a cohort. A verdict instead when there is no pattern to look for: *inconclusive* when too
 * little was observed, *failed* when enough was observed and next to nothing was slow, which is how a calm shop looks.
 */
export function populationOf(observed: Observed, cohort: Cohort = {}): Population | Verdict {
  if (observed.samples.length < fewestSamples) {
    return inconclusive(`${observed.samples.length} checkouts observed, ${fewestSamples} are needed`)
  }
  const members = observed.samples.filter((sample) => isIn(sample, cohort))
  if (members.length < fewestSlow) {
    return inconclusive(`${members.length} checkouts observed${among(cohort)}, ${fewestSlow} are needed`)
  }
  const slow = members.filter(isSlow)
  if (slow.length < fewestSlow) {
    return failed(`${slow.length} of ${members.length} checkouts${among(cohort)} were slow: no pattern to find`)
  }
  const traced = withTraces(slow, observed)
  const recorded = slow.filter(({ isUntraced }) => !isUntraced)
  if (traced.length < recorded.length * (1 - mostTracesMissing) || traced.length < fewestSlow) {
    return inconclusive(`${traced.length} of ${slow.length} slow checkouts${among(cohort)} have a stored trace`)
  }
  const fast = members.filter((sample) => !isSlow(sample))
  return { slow: traced, fast: withTraces(fast, observed) }
}

/** Evidence in the traces of a cohort's slow checkouts: judged where there are enough of them to judge. */
export function overSlowTraces(
  says: string,
  cohort: Cohort,
  { judge, paste }: { judge: (population: Population) => Verdict; paste: Evidence['paste'] },
): Evidence {
  return {
    says,
    pillar: 'traces',
    needs: {},
    judge(now) {
      const population = populationOf(now, cohort)
      return isVerdict(population) ? population : judge(population)
    },
    paste,
  }
}

export const isVerdict = (value: Population | Verdict): value is Verdict => 'state' in value

/** Held when at least `atLeastShare` of the population does what the sentence `does` says. */
export function judgeShare(hits: number, total: number, atLeastShare: number, does: string): Verdict {
  const measured = `${hits} of ${total} ${does} (${percent(hits / total)}, at least ${percent(atLeastShare)} expected)`
  return { state: hits / total >= atLeastShare ? 'held' : 'failed', measured }
}

/** ` among shop.cart_size = bulk`, or nothing for everybody. */
export function among(cohort: Cohort): string {
  const parts = Object.entries(cohort).map(([key, wanted]) =>
    typeof wanted === 'string' ? `${key} = ${wanted}` : `${key} ≠ ${wanted.not}`,
  )
  return parts.length === 0 ? '' : ` among ${parts.join(', ')}`
}

/** Those samples of which a trace is stored. */
export function withTraces(samples: readonly Sample[], { traces }: Pick<Observed, 'traces'>): Traced[] {
  return samples.flatMap((sample) => {
    const trace = sample.traceId === undefined ? undefined : traces.get(sample.traceId)
    return trace === undefined ? [] : [{ sample, trace }]
  })
}

/**
 * How many times as often something is true of slow checkouts as of fast ones. Half a hit is added on both sides, so that what
 * is true of no fast one at all is not infinitely often.
 */
export const liftOf = (slow: { hits: number; total: number }, fast: { hits: number; total: number }): number =>
  ((slow.hits + 0.5) / (slow.total + 1)) * ((fast.total + 1) / (fast.hits + 0.5))

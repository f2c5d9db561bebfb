// Metric evidence about when: checkouts are slow while a series is high, and mostly quick while it is not.
import type { MetricName } from '../../kit/telemetry/names.ts'
import type { Labels } from '../source.ts'
import { shareDifferenceP } from '../statistics.ts'
import { percent } from '../text.ts'
import { pasteIncrease } from './paste.ts'
import { among, isVerdict, populationOf, type Traced } from './population.ts'
import { pointsOf } from './saturated.ts'
import { type Cohort, type Evidence, inconclusive, type Observed, type Verdict } from './types.ts'

/** The share among fast checkouts must be at most this part of the share among slow ones. */
const less = 0.6
const significance = 0.01
const fewestPoints = 3

type Options = { metric: MetricName; labels: Labels; above: number; among?: Cohort; atLeastShare?: number }

/**
 * Of the slow checkouts at least `atLeastShare` (default 0.8) came in an interval in which the counter grew by more than
 * `above`, and of the fast ones at most 0.6 times that share. An interval lasts from one export to the next.
 */
export function duringPeaks(says: string, options: Options): Evidence {
  const { metric, labels, above, among: cohort = {} } = options
  return {
    says,
    pillar: 'metrics',
    needs: { series: [{ metric, labels }] },
    judge(now) {
      const population = populationOf(now, cohort)
      return isVerdict(population) ? population : judgePeaks(now, population, options)
    },
    paste: () => [pasteIncrease(metric, labels, above)],
  }
}

function judgePeaks(now: Observed, population: { slow: Traced[]; fast: Traced[] }, options: Options): Verdict {
  const { metric, above, among: cohort = {}, atLeastShare = 0.8 } = options
  const points = [...pointsOf(now, options)].sort(([aMs], [bMs]) => aMs - bMs)
  const lastMs = points.at(-1)?.[0] ?? 0
  // What came after the last export was not counted yet.
  const [slow, fast] = [population.slow, population.fast].map((all) =>
    all.filter(({ sample }) => sample.startMs <= lastMs),
  )
  if (
    points.length < fewestPoints ||
    slow === undefined ||
    fast === undefined ||
    slow.length === 0 ||
    fast.length === 0
  )
    return inconclusive(`${points.length} points of ${metric} while checkouts came, ${fewestPoints} are needed`)
  const isInPeak = ({ sample }: Traced) => (points.find(([atMs]) => atMs >= sample.startMs)?.[1] ?? 0) > above
  const [slowHits, fastHits] = [slow.filter(isInPeak).length, fast.filter(isInPeak).length]
  const [slowShare, fastShare] = [slowHits / slow.length, fastHits / fast.length]
  const p = shareDifferenceP({ hits: slowHits, total: slow.length }, { hits: fastHits, total: fast.length })
  const measured = `${slowHits} of ${slow.length} slow checkouts${among(cohort)} came while ${metric} grew by more than ${above} (${percent(slowShare)}, at least ${percent(atLeastShare)} expected), ${fastHits} of ${fast.length} fast ones (${percent(fastShare)})`
  const isHeld = slowShare >= atLeastShare && fastShare <= slowShare * less && p <= significance
  return { state: isHeld ? 'held' : 'failed', measured }
}

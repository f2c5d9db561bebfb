// Metric evidence: something is used up, such as a pool, a queue, or the patience of waiting sessions.
import { percent } from '../text.ts'
import { pasteSeries } from './paste.ts'
import { fewestPoints, type Metric, seriesIn } from './series-in.ts'
import { type Evidence, failed, inconclusive, type Observed } from './types.ts'

/**
 * The series is above `above` in at least `atLeastShareOfPoints` (0–1) of the window's points, and is not so when calm. A point
 * in time counts when any of the matching series is above.
 *
 * Some series exist only while there is something to count. `heartbeat` names a series of the same exporter that is always
 * there: with it, a time without a point of the metric counts as zero; without it, no points mean *inconclusive*.
 */
export function saturated(
  says: string,
  options: Metric & { above: number; atLeastShareOfPoints: number; heartbeat?: Metric },
): Evidence {
  const { metric, labels, above, atLeastShareOfPoints, heartbeat } = options
  return {
    says,
    pillar: 'metrics',
    needs: { series: [{ metric, labels }, ...(heartbeat === undefined ? [] : [heartbeat])] },
    judge(now, calm) {
      const [nowUse, calmUse] = [useIn(now, options), useIn(calm, options)]
      if (nowUse.points < fewestPoints || calmUse.points < fewestPoints) {
        return inconclusive(
          `${nowUse.points} points of ${metric} now and ${calmUse.points} when calm, ${fewestPoints} are needed`,
        )
      }
      const measured = `${metric} above ${above} in ${nowUse.above} of ${nowUse.points} points (${percent(nowUse.share)}, at least ${percent(atLeastShareOfPoints)} expected; highest ${nowUse.highest}), ${calmUse.above} of ${calmUse.points} when calm`
      if (calmUse.share >= atLeastShareOfPoints) return failed(`${measured}: no different from calm`)
      return { state: nowUse.share >= atLeastShareOfPoints ? 'held' : 'failed', measured }
    },
    paste: () => [pasteSeries(metric, labels, above)],
  }
}

function useIn(
  observed: Observed,
  { metric, labels, above, heartbeat }: Metric & { above: number; heartbeat?: Metric },
) {
  const highestByTime = pointsOf(observed, { metric, labels })
  const times = heartbeat === undefined ? highestByTime.size : pointsOf(observed, heartbeat).size
  const isAlive = heartbeat === undefined || times > 0
  const points = isAlive ? Math.max(times, highestByTime.size) : 0
  const values = [...highestByTime.values()]
  const aboveCount = values.filter((value) => value > above).length
  return { points, above: aboveCount, share: points === 0 ? 0 : aboveCount / points, highest: Math.max(0, ...values) }
}

/** The highest value of any matching series at each time within the window. */
export function pointsOf(observed: Observed, metric: Metric): Map<number, number> {
  const highestByTime = new Map<number, number>()
  for (const { atMs, value } of seriesIn(observed, metric).flatMap(({ points }) => points)) {
    highestByTime.set(atMs, Math.max(value, highestByTime.get(atMs) ?? Number.NEGATIVE_INFINITY))
  }
  return highestByTime
}

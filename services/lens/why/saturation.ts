// What was used up when slow checkouts were under way and not otherwise, and what stayed as it was, which clears it.
import { attributes, type MetricName, metrics } from '../../kit/telemetry/names.ts'
import { instrumentOf } from '../../kit/telemetry/prometheus-names.ts'
import type { Series } from '../source.ts'
import { inMs, percent } from '../text.ts'

/** `shareSlow` and `shareFast` (0–1) of the checkouts ran while the series was above `noticeable`. */
export type Saturation = {
  metric: MetricName
  /** The service, and the instance or pool where there are several. */
  where: string
  highest: number
  shareSlow: number
  shareFast: number
  state: 'with the slow ones' | 'all the time' | 'flat'
  says: string
}

/** A stretch of time that a checkout took, in epoch ms. */
export type Stretch = { fromMs: number; toMs: number }

/** What can run out, and from where on it is worth a word: seconds, counts, or jobs. */
export const noticeable: Partial<Record<MetricName, number>> = {
  [metrics.poolWaiting]: 0,
  [metrics.eventLoopDelayMax]: 0.25,
  [metrics.gcDuration]: 0.1,
  [metrics.dbSessionsWaiting]: 0,
  [metrics.priceRow]: 2,
  [metrics.queueAge]: 5,
  [metrics.bankRetries]: 0,
  [metrics.pricingRetries]: 0,
}

/** A value tells of the time since the one before: two seconds in the stack. */
const aroundMs = 2_000
const commoner = 2
const worthSaying = 0.3

export function saturationOf(
  series: readonly Series[],
  slow: readonly Stretch[],
  fast: readonly Stretch[],
): Saturation[] {
  return series.flatMap((one): Saturation[] => {
    const above = noticeable[one.metric as MetricName]
    if (above === undefined || one.points.length === 0) return []
    const highest = Math.max(...one.points.map(({ value }) => value))
    const peaks = one.points.filter(({ value }) => value > above).map(({ atMs }) => atMs)
    const share = (stretches: readonly Stretch[]) =>
      stretches.length === 0 ? 0 : stretches.filter((at) => isNear(at, peaks)).length / stretches.length
    const [shareSlow, shareFast] = [share(slow), share(fast)]
    const isWith = shareSlow >= worthSaying && shareSlow >= commoner * shareFast
    const state = peaks.length === 0 ? 'flat' : isWith ? 'with the slow ones' : 'all the time'
    const metric = one.metric as MetricName
    const where = whereOf(one)
    const says = `${metric} of ${where}: highest ${inUnit(metric, highest)}, above ${inUnit(metric, above)} during ${percent(shareSlow)} of the slow checkouts and ${percent(shareFast)} of the fast ones`
    return [{ metric, where, highest, shareSlow, shareFast, state, says }]
  })
}

const isNear = ({ fromMs, toMs }: Stretch, peaks: readonly number[]): boolean =>
  peaks.some((atMs) => atMs >= fromMs - aroundMs && atMs <= toMs + aroundMs)

function whereOf({ labels }: Series): string {
  const { [attributes.instance]: instance, 'service.name': service, ...others } = labels
  const own = [attributes.pool, attributes.waitEventType, attributes.waitEvent, attributes.errorType]
  return [instance ?? service, ...own.map((key) => others[key])].filter((part) => part !== undefined).join(' ')
}

const inUnit = (metric: MetricName, value: number): string =>
  instrumentOf(metric).unit === 's' ? inMs(value * 1000) : String(Math.round(value * 10) / 10)

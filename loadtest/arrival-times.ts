// When the visitors of a profile come: evenly spaced at its rate, or along a rate that changes. Pure, no randomness.
import type { Profile } from './profiles.ts'

type Stretch = { fromSeconds: number; seconds: number; fromPerSecond: number; toPerSecond: number; before: number }

/** How many come in all; `Infinity` for a profile without an end. */
export function countOf({ ratePerSecond, durationSeconds, stages }: Profile): number {
  if (stages === undefined) return Math.round(ratePerSecond * durationSeconds)
  return Math.round(stretchesOf(ratePerSecond, stages).reduce((sum, stretch) => sum + arrivalsIn(stretch), 0))
}

/** Milliseconds after the start at which an arrival is due: when as many as there were before it have come. */
export function dueMsOf({ ratePerSecond, stages }: Profile, iteration: number): number {
  if (stages === undefined) return (iteration * 1000) / ratePerSecond
  const stretches = stretchesOf(ratePerSecond, stages)
  const stretch = stretches.find((each) => iteration < each.before + arrivalsIn(each)) ?? stretches.at(-1)
  if (stretch === undefined) throw new RangeError('A profile with stages needs at least one')
  return (stretch.fromSeconds + secondsUntil(iteration - stretch.before, stretch)) * 1000
}

function stretchesOf(startPerSecond: number, stages: NonNullable<Profile['stages']>): Stretch[] {
  const stretches: Stretch[] = []
  let [fromSeconds, fromPerSecond, before] = [0, startPerSecond, 0]
  for (const { toPerSecond, seconds } of stages) {
    const stretch = { fromSeconds, seconds, fromPerSecond, toPerSecond, before }
    if (seconds > 0) stretches.push(stretch)
    fromSeconds += seconds
    fromPerSecond = toPerSecond
    before += arrivalsIn(stretch)
  }
  return stretches
}

const arrivalsIn = ({ seconds, fromPerSecond, toPerSecond }: Stretch): number =>
  ((fromPerSecond + toPerSecond) / 2) * seconds

/** Solves `from·t + (to − from)·t²/(2·seconds) = arrivals` for t, in the form that also serves where the rate does not change. */
function secondsUntil(arrivals: number, { seconds, fromPerSecond, toPerSecond }: Stretch): number {
  if (arrivals <= 0) return 0
  const slope = (toPerSecond - fromPerSecond) / seconds
  return (2 * arrivals) / (fromPerSecond + Math.sqrt(Math.max(0, fromPerSecond ** 2 + 2 * slope * arrivals)))
}

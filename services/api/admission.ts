// Who may begin a checkout. A shop that takes in more than it can finish finishes nothing in time: beyond a limit it says no
// at once, before anything is asked of anybody.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { slo } from '../kit/slo.ts'
import { Overloaded } from './errors.ts'
import type { ApiSignals } from './signals.ts'

export type Admission = {
  /** Takes a place, which is free again when it is disposed of. @throws Overloaded when there is none */
  enter(): Disposable
  /** How many may be under way just now. */
  places(): number
  /** Told twice a second by how much the event loop was late, in the median. */
  look(lagMs: number): void
}

type AdmissionOptions = { mostUnderWay: number; signals: Pick<ApiSignals, 'refused'> }

const lookEveryMs = 500
/** A checkout comes back to the event loop a dozen times: late by this each time, it has spent half of its 500 ms on that. */
const lateMs = 20
/** A single look may fall on a pause that is over already. */
const lateLooks = 2
/** However slow everything has become, some are tried: their pace is what the limit is made of. */
const leastPlaces = 8
const tellEveryLooks = 10

/**
 * There is room for `mostUnderWay`. Where the event loop keeps being late it is the processor that everybody waits for, and
 * more under way only makes all of them late: then there is room for as many as get done within the objective's time at the
 * pace of the last seconds (Little's law), and for one more at each look that finds the loop on time again.
 */
export function createAdmission({ mostUnderWay, signals }: AdmissionOptions): Admission {
  let places = mostUnderWay
  let [underWay, done, refused] = [0, 0, 0]
  let perSecond = 0
  let late = 0
  let untilTold = 0

  const leave = () => {
    underWay--
    done++
  }
  return {
    places: () => places,
    enter() {
      if (underWay >= places) {
        refused++
        throw new Overloaded(underWay)
      }
      underWay++
      return { [Symbol.dispose]: leave }
    },
    look(lagMs) {
      perSecond += (done * (1000 / lookEveryMs) - perSecond) / 4
      late = lagMs > lateMs ? late + 1 : 0
      if (late >= lateLooks) places = fitting(perSecond, mostUnderWay)
      else if (late === 0) places = Math.min(mostUnderWay, places + 1)
      untilTold = Math.max(0, untilTold - 1)
      if (refused > 0 && untilTold === 0) {
        signals.refused(refused, underWay, places)
        refused = 0
        untilTold = tellEveryLooks
      }
      done = 0
    },
  }
}

function fitting(perSecond: number, most: number): number {
  return Math.min(most, Math.max(leastPlaces, Math.round((perSecond * slo.thresholdMs) / 1000)))
}

/** Watches the event loop until disposed. */
export function openAdmission(options: AdmissionOptions): Admission & Disposable {
  const admission = createAdmission(options)
  const resolution = 20
  const delay = monitorEventLoopDelay({ resolution })
  delay.enable()
  const looking = setInterval(() => {
    // It tells the time between two ticks: what is beyond the resolution is too late.
    admission.look(delay.percentile(50) / 1e6 - resolution)
    delay.reset()
  }, lookEveryMs)
  return {
    ...admission,
    [Symbol.dispose]() {
      clearInterval(looking)
      delay.disable()
    },
  }
}

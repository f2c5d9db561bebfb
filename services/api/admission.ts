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
/** With time to spare it is a tenth of this. A checkout comes back to a dozen event loops, and waits in each. */
const lateMs = 4
/** In almost half of the last looks: five seconds on end, where all was well. A shop that starts compiles for so long. */
const mostlyLate = 0.45
/** So many more come than get done. Beyond the pauses of a second that incidents bring. */
const tooMany = 1.25
/** Some eight seconds. */
const meanOfLooks = 16
/** So long may be on average what is under way then. Less, and the processor works for carts whose owners are refused. */
const onAverageMs = slo.thresholdMs * 0.8
/** However slow everything has become, some are tried: their pace is what the limit is made of. */
const leastPlaces = 5
const tellEveryLooks = 10

/**
 * There is room for `mostUnderWay`. Where that is not enough, more keep coming than get done and the event loop is late, it is the
 * processor that everybody waits for, and more under way only makes all of them late: then there is room for as many as get done
 * within most of the objective's time at the present pace (Little's law), and for one more at each look at which the loop is on
 * time again, or there was room for all who came.
 * A shop that is slow because others use the machine, or because somebody else is, and still gets everything done, refuses nobody.
 */
export function createAdmission({ mostUnderWay, signals }: AdmissionOptions): Admission {
  let places = mostUnderWay
  const since = { come: 0, done: 0 }
  const perSecond = { come: 0, done: 0 }
  let [underWay, isFull, lateShare, untold, untilTold] = [0, false, 0, 0, 0]

  const leave = () => {
    underWay--
    since.done++
  }
  const tellNowAndThen = () => {
    untilTold = Math.max(0, untilTold - 1)
    if (untold === 0 || untilTold > 0) return
    signals.refused(untold, underWay, places)
    untold = 0
    untilTold = tellEveryLooks
  }
  return {
    places: () => places,
    enter() {
      since.come++
      if (underWay >= places) {
        isFull = true
        untold++
        throw new Overloaded(underWay)
      }
      underWay++
      return { [Symbol.dispose]: leave }
    },
    look(lagMs) {
      for (const what of ['come', 'done'] as const) {
        perSecond[what] += ((since[what] * 1000) / lookEveryMs - perSecond[what]) / meanOfLooks
        since[what] = 0
      }
      const isLate = lagMs > lateMs
      lateShare += (Number(isLate) - lateShare) / meanOfLooks
      if (!isFull || !isLate) places = Math.min(mostUnderWay, places + 1)
      else if (lateShare > mostlyLate && perSecond.come > tooMany * perSecond.done)
        places = fitting(perSecond.done, mostUnderWay)
      isFull = false
      tellNowAndThen()
    },
  }
}

function fitting(perSecond: number, most: number): number {
  return Math.min(most, Math.max(leastPlaces, Math.round((perSecond * onAverageMs) / 1000)))
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

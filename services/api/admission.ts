// Who may begin a checkout, or a cart. A shop that takes in more than it can finish finishes nothing in time: beyond a limit it
// says no at once, before anything is asked of anybody.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { slo } from '../kit/slo.ts'
import { Overloaded } from './errors.ts'
import type { ApiSignals } from './signals.ts'

export type Admission = {
  /** Takes a place for a checkout, which is free again when it is disposed of. @throws Overloaded when there is none */
  enter(): Disposable
  /** Lets somebody fill a cart, who will check out soon. @throws Overloaded when the shop could not keep up with that */
  welcome(): void
  /** How many may be under way just now. */
  places(): number
  /** Told twice a second by how much the event loop was late, in the median. */
  look(lagMs: number): void
}

type AdmissionOptions = { mostUnderWay: number; signals: Pick<ApiSignals, 'refused'>; now?: () => number }

const lookEveryMs = 500
/** With time to spare it is a tenth of this. A checkout comes back to a dozen event loops, and waits in each. */
const lateMs = 4
/** In almost half of the last looks: five seconds on end, where all was well. A shop that starts compiles for so long. */
const mostlyLate = 0.45
/** So many more come than get done. Beyond the pauses of a second that incidents bring. */
const tooMany = 1.25
/** Some eight seconds. */
const meanOfLooks = 16
/** So long may be on average what is under way then: the slowest of a hundred take twice that. */
const onAverageMs = slo.thresholdMs / 2
/** However slow everything has become, some are tried: their pace is what the limits are made of. */
const leastPlaces = 5
const leastPace = 5
/** By how much the pace changes from one look to the next. While the loop is late only carefully: more may be too many. */
const pace = { quicker: 1.05, carefully: 1.01, slower: 0.95 }
const tellEveryLooks = 10

/**
 * There is room for `mostUnderWay`. Where that is not enough, more keep coming than get done and the event loop is late, it is the
 * processor that everybody waits for, and more under way only makes all of them late: then there is room for as many as get done
 * within half of the objective's time at the present pace (Little's law), and for one more at each look that finds the loop on
 * time again. Nor are more carts filled than checkouts get done: that would be work for people who are refused in the end. This
 * pace, too, goes up again until there is room for all who come.
 * A shop that is slow because others use the machine, or because somebody else is, and still gets everything done, refuses nobody.
 */
export function createAdmission({ mostUnderWay, signals, now = () => performance.now() }: AdmissionOptions): Admission {
  let places = mostUnderWay
  let cartsPerSecond = Number.POSITIVE_INFINITY
  let nextCartMs = 0
  const since = { come: 0, done: 0, full: 0, carts: 0, refusedCarts: 0, refused: 0 }
  const perSecond = { come: 0, done: 0, carts: 0 }
  let [underWay, lateShare, untilTold] = [0, 0, 0]

  const leave = () => {
    underWay--
    since.done++
  }
  const tellNowAndThen = () => {
    untilTold = Math.max(0, untilTold - 1)
    const refused = { checkouts: since.refused, carts: since.refusedCarts }
    if (refused.checkouts + refused.carts === 0 || untilTold > 0) return
    signals.refused(refused, { underWay, places, cartsPerSecond })
    since.refused = since.refusedCarts = 0
    untilTold = tellEveryLooks
  }
  return {
    places: () => places,
    enter() {
      since.come++
      if (underWay >= places) {
        since.full++
        since.refused++
        throw new Overloaded(`is busy with ${underWay} checkouts`, 'with the same key')
      }
      underWay++
      return { [Symbol.dispose]: leave }
    },
    welcome() {
      since.carts++
      const atMs = now()
      if (cartsPerSecond < Number.POSITIVE_INFINITY && atMs < nextCartMs) {
        since.refusedCarts++
        throw new Overloaded('cannot check out as many carts as are filled', 'later')
      }
      nextCartMs = Math.max(nextCartMs + 1000 / cartsPerSecond, atMs)
    },
    look(lagMs) {
      const isFull = since.full > 0
      for (const what of ['come', 'done', 'carts'] as const) {
        perSecond[what] += ((since[what] * 1000) / lookEveryMs - perSecond[what]) / meanOfLooks
        since[what] = 0
      }
      since.full = 0
      const isLate = lagMs > lateMs
      lateShare += (Number(isLate) - lateShare) / meanOfLooks
      if (isFull && isLate && lateShare > mostlyLate && perSecond.come > tooMany * perSecond.done) {
        places = fitting(perSecond.done, mostUnderWay)
        cartsPerSecond = Math.max(leastPace, Math.min(perSecond.done, cartsPerSecond * pace.slower))
      } else {
        if (!isLate) places = Math.min(mostUnderWay, places + 1)
        const more = cartsPerSecond * (isLate ? pace.carefully : pace.quicker)
        cartsPerSecond = more > perSecond.carts ? Number.POSITIVE_INFINITY : more
      }
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

// What an overload comes to, as lines of the table. Pure.
import { failures } from '../../../loadtest/figures.ts'
import { noAnswer, type Outcome, succeeded } from '../../../loadtest/outcome.ts'
import { percentile, summarise } from '../../../loadtest/report.ts'
import { slo } from '../../../services/kit/slo.ts'
import type { AuditReport } from '../../../services/workshop/audit.ts'
import type { Measurement } from '../bench.ts'
import { inMiB, type MemorySample } from './memory-samples.ts'
import { recoveredAfter } from './recovery.ts'

export const overloadFactor = 3
export const overloadSeconds = 60

const goals = { goodputShare: 0.8, recoverySeconds: 30, refusalMs: 500, otherwiseShare: 0.01, totalGiB: 1.5 }

export type Probe = { status: number; retryAfter: string | null }

export type Overload = {
  kneePerSecond: number
  during: Outcome[]
  after: Outcome[]
  afterSeconds: number
  samples: MemorySample[]
  probes: Probe[]
  /** See `endedOf`. */
  ended: string[]
  report: AuditReport
}

export const rowsOf = (overload: Overload): Measurement[] => [
  crashes(overload),
  memoryBound(overload),
  refusals(overload),
  goodput(overload),
  recovery(overload),
  books(overload),
]

/** Processes that have another pid than before, or none any more. */
export const endedOf = (before: Record<string, number>, after: Record<string, number>): string[] =>
  Object.keys(before).filter((name) => before[name] !== after[name])

const crashes = ({ ended }: Overload): Measurement => ({
  what: `overload, ${overloadFactor} × the knee for ${overloadSeconds} s: processes that ended`,
  goal: 'none',
  measured: ended.join(', ') || 'none',
  isReached: ended.length === 0,
})

function memoryBound({ samples }: Overload): Measurement {
  const [first] = samples
  const what = 'overload: memory of everything at its highest'
  const goal = `≤ ${goals.totalGiB} GiB`
  if (first === undefined) return { what, goal, measured: 'not judged: there is no sample' }
  const total = Math.max(...samples.map(({ totalBytes }) => totalBytes))
  const api = Math.max(...samples.map(({ bytes }) => bytes.api ?? 0))
  return {
    ...{ what, goal },
    measured: `${(total / 2 ** 30).toFixed(2)} GiB (api ${inMiB(api)}, before ${inMiB(first.bytes.api ?? 0)})`,
    isReached: total <= goals.totalGiB * 2 ** 30,
    details: { samples },
  }
}

function refusals({ during, probes }: Overload): Measurement {
  const refused = during.filter(({ status }) => status === refusedStatus)
  const median = percentile(
    refused.flatMap(({ requestMs }) => requestMs ?? []).sort((a, b) => a - b),
    0.5,
  )
  const asked = probes.filter(({ status }) => status === refusedStatus)
  const told = asked.filter(({ retryAfter }) => retryAfter !== null)
  const dropped = during.filter(({ code }) => code === noAnswer.dropped).length
  const otherwise = during.filter(isOtherwise)
  const report = summarise(during)
  const isAtOnce = median <= goals.refusalMs && told.length > 0 && told.length === asked.length
  return {
    what: 'overload: refused with 503, and nothing worse',
    goal: `at once (≤ ${goals.refusalMs} ms), Retry-After; ≤ ${goals.otherwiseShare * 100} % fail otherwise`,
    measured: [
      ...(dropped === 0 ? [] : [`not judged, since the driver never sent ${dropped}`]),
      `${refused.length} of ${during.length}${refused.length === 0 ? '' : `, median ${median.toFixed(0)} ms`}`,
      `Retry-After on ${told.length} of ${asked.length}`,
      `otherwise ${failures(summarise(otherwise))}`,
      `${dropped} dropped, start lag p99 ${report.startLagP99Ms?.toFixed(0) ?? '–'} ms`,
    ].join('; '),
    // What a driver that is full itself has left out, the shop was spared.
    ...(dropped > 0 ? {} : { isReached: isAtOnce && otherwise.length <= goals.otherwiseShare * during.length }),
    details: report,
  }
}

const refusedStatus = 503
/** Some cards are declined however few come. */
const declinedStatus = 402

/** Neither bought, nor told to come later, nor declined by the bank: a time-out, say, or a 500. */
const isOtherwise = (outcome: Outcome): boolean =>
  !succeeded(outcome) && ![refusedStatus, declinedStatus].includes(outcome.status) && outcome.code !== noAnswer.dropped

function goodput({ during, kneePerSecond }: Overload): Measurement {
  const placed = during.filter(succeeded)
  const perSecond = placed.length / overloadSeconds
  const inTime = placed.filter(({ latencyMs }) => latencyMs <= slo.thresholdMs).length
  const percent = (part: number, whole: number) => `${((part / whole) * 100).toFixed(0)} %`
  return {
    what: 'overload: orders placed a second',
    goal: `≥ ${goals.goodputShare * 100} % of the knee`,
    measured: `${perSecond.toFixed(1)}/s, ${percent(perSecond, kneePerSecond)} of ${kneePerSecond}/s (${percent(inTime, Math.max(1, placed.length))} of them in time)`,
    isReached: perSecond >= goals.goodputShare * kneePerSecond,
  }
}

function recovery({ during, after, afterSeconds }: Overload): Measurement {
  const what = 'overload: the objective holds again after'
  const goal = `≤ ${goals.recoverySeconds} s`
  if (after.length === 0) return { what, goal, measured: 'not judged: nobody came afterwards' }
  const endedMs = Math.max(...during.map(({ dueEpochMs }) => dueEpochMs))
  const recovered = recoveredAfter(after, endedMs)
  return {
    ...{ what, goal },
    measured: recovered === undefined ? `not within ${afterSeconds} s` : `${recovered} s`,
    isReached: recovered !== undefined && recovered <= goals.recoverySeconds,
    details: summarise(after),
  }
}

const books = ({ report: { violations, placed, cancelled, inFlight } }: Overload): Measurement => ({
  what: 'overload: audit afterwards',
  goal: 'clean',
  measured: `${violations.length === 0 ? 'clean' : `${violations.length} rows are wrong`} (${placed} placed, ${cancelled} cancelled)`,
  isReached: violations.length === 0,
  details: { violations: violations.slice(0, 10), inFlight },
})

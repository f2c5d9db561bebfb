// What a player shows is looked up: a trace has to be slow and look like it, a series has to have moved, lines have to be of slow ones.

import { isSlow, liftOf } from '../../lens/evidence/population.ts'
import type { Sample } from '../../lens/evidence.ts'
import type { LogLine, Series, Window } from '../../lens/source.ts'
import { quantile } from '../../lens/statistics.ts'
import { inMs, percent } from '../../lens/text.ts'
import type { MechanismId } from '../../lens/why/mechanisms.ts'
import type { Looked } from '../../lens/why/who.ts'
import { diagnosisOf } from '../../lens/why/why.ts'

/** Whether it shows something, and why or why not. */
export type Checked = { isGood: boolean; says: string }

/** Since the pager rang twice as many checkouts come: what grew with them has not moved. */
const moreThanLoad = 2.5
const fewestPoints = 3
const liftAtLeast = 3
const fewestLines = 5

/** The trace is one of the slow checkouts, and what it spent too much time on looks like the truth. */
export function checkTrace(
  traceId: string,
  looked: Looked,
  truth: { component: string; kind: MechanismId | 'none' },
): Checked {
  const sample = looked.samples.find((one) => one.traceId === traceId)
  const trace = looked.traces.get(traceId)
  if (sample === undefined || trace === undefined)
    return { isGood: false, says: `${traceId} is no checkout of this incident` }
  if (!isSlow(sample)) return { isGood: false, says: `that checkout took ${inMs(sample.latencyMs)}: it is not slow` }
  // Which traces are missing no single trace can show; any slow one is a piece of what is left.
  if (truth.kind === 'missing-traces') return { isGood: true, says: 'it is slow, and one of the few that left a trace' }
  const { mechanism, component } = diagnosisOf(traceId, looked)
  const isGood = mechanism === truth.kind && component === truth.component
  return { isGood, says: isGood ? 'it is slow, and shows it' : 'it is slow, but for another reason' }
}

/** One of the series that match is far higher than it was before, or is there at all where it was not. */
export function checkMetric(text: string, before: readonly Series[], since: readonly Series[]): Checked {
  const known = new Map(before.map((series) => [keyOf(series), highOf(series)]))
  const moved = since
    .filter(({ points }) => points.length >= fewestPoints)
    .map((series) => ({ was: known.get(keyOf(series)) ?? 0, is: highOf(series) }))
    .sort((a, b) => growthOf(b) - growthOf(a))
  const [most] = moved
  if (most === undefined) return { isGood: false, says: `${text} has no series with ${fewestPoints} points since then` }
  const isGood = growthOf(most) >= moreThanLoad
  const says = `${text} was at ${figure(most.was)} at its highest before and is at ${figure(most.is)} since`
  return { isGood, says: isGood ? says : `${says}: that is no more than the load explains` }
}

const keyOf = ({ labels }: Series): string => JSON.stringify(Object.entries(labels).sort())

/** Nine in ten points are lower. */
const highOf = ({ points }: Series): number =>
  quantile(
    points.map(({ value }) => value),
    0.9,
  )

const growthOf = ({ was, is }: { was: number; is: number }): number =>
  was > 0 ? is / was : is > 0 ? Number.POSITIVE_INFINITY : 0

const figure = (value: number): string => String(Number(value.toPrecision(3)))

/** Slow checkouts have such lines several times as often as fast ones; or nobody has an id in them, and they are new. */
export function checkLog(
  { service, contains }: { service: string; contains: string },
  looked: Looked,
  calmLogs: readonly LogLine[],
): Checked {
  const isMeant = (line: LogLine) => line.service === service && line.body.includes(contains)
  const lines = looked.logs.filter(isMeant)
  if (lines.length < fewestLines)
    return { isGood: false, says: `${lines.length} lines of ${service} contain "${contains}"` }
  const named = new Set(lines.flatMap(({ traceId }) => traceId ?? []))
  if (named.size === 0) {
    const before = calmLogs.filter(isMeant).length
    return {
      isGood: before * moreThanLoad < lines.length,
      says: `${lines.length} lines without a trace, ${before} in as long a time before`,
    }
  }
  const count = (members: readonly Sample[]) => ({
    hits: members.filter(({ traceId = '' }) => named.has(traceId)).length,
    total: members.length,
  })
  const slow = count(looked.samples.filter(isSlow))
  const fast = count(looked.samples.filter((sample) => !isSlow(sample)))
  const lift = liftOf(slow, fast)
  return {
    isGood: lift >= liftAtLeast && slow.hits >= fewestLines,
    says: `${percent(slow.hits / Math.max(1, slow.total))} of the slow checkouts have such a line and ${percent(fast.hits / Math.max(1, fast.total))} of the fast ones`,
  }
}

/** As long a time right before. */
export const windowBefore = ({ fromMs, toMs }: Window): Window => ({ fromMs: fromMs - (toMs - fromMs), toMs: fromMs })

// Why are some checkouts slow? What a window of telemetry has to say about it, from who is slow to what would prove it wrong.
import { metrics, serviceNames } from '../../kit/telemetry/names.ts'
import { compare, type Difference } from '../compare.ts'
import type { Traced } from '../evidence/population.ts'
import type { Window } from '../source.ts'
import { median } from '../statistics.ts'
import { checkoutSpan, type Trace } from '../trace.ts'
import { excessOf, type Place, placesIn, usualOf } from './excess.ts'
import { type Hypothesis, hypothesesOf } from './hypotheses.ts'
import { type Template, templatesOf } from './log-templates.ts'
import { type Case, type Common, type Diagnosis, diagnose } from './mechanisms.ts'
import { type Saturation, type Stretch, saturationOf } from './saturation.ts'
import { type Structure, structuresIn } from './structures.ts'
import { type When, whenOf } from './when.ts'
import { isMoreThanMayBe, type Looked, populationsIn, type Who, whoIn } from './who.ts'

/** `nothing`: no more are slow than may be. `healed`: they were, and are no longer. */
export type Conclusion = 'nothing' | 'healed' | 'explained' | 'unexplained'

export type Why = {
  window: Window
  conclusion: Conclusion
  who: Who
  when: When
  where: Place[]
  differences: Difference[]
  structures: Structure[]
  saturation: Saturation[]
  logs: Template[]
  /** The likeliest first. */
  hypotheses: Hypothesis[]
  /** Trace ids: slow ones, and fast ones to hold beside them. */
  examples: { slow: string[]; fast: string[] }
  /** What this window could not show. */
  limits: string[]
}

const examplesKept = 3
/** In so few traces (0–1) a service is not there. */
const hardlyAny = 0.05

/** Pure. The same window gives the same answer, whether it was observed just now or read from a file. */
export function why(looked: Looked): Why {
  const { slow, fast } = populationsIn(looked)
  const who = whoIn(looked, slow, fast)
  const when = whenOf(
    slow.map(({ sample }) => sample.startMs),
    looked.window,
  )
  const differences = compare(tracesOf(slow), tracesOf(fast))
  const cases = casesOf(tracesOf(slow), tracesOf(fast), looked)
  const common: Common = { differences, silent: silentIn(looked) }
  const saturation = saturationOf(looked.series, stretchesOf(slow), stretchesOf(fast))
  const differencesOf = (traces: readonly Trace[]) =>
    traces.length === slow.length ? differences : compare(traces, tracesOf(fast))
  const linesOf = (traces: readonly Trace[]) => templatesOf(looked.logs, idsOf(traces), idsOf(tracesOf(fast)))
  const diagnosed = cases.map((one) => ({ ...one, diagnosis: diagnose(one, common) }))
  const isWorth = isMoreThanMayBe(who)
  const hypotheses = isWorth ? hypothesesOf({ who, when, diagnosed, saturation, differencesOf, linesOf }) : []
  return {
    window: looked.window,
    conclusion: concluded(isWorth, when, hypotheses),
    ...{ who, when, differences, saturation, hypotheses, logs: linesOf(tracesOf(slow)) },
    where: placesIn(cases),
    structures: structuresIn(tracesOf(slow), tracesOf(fast)),
    examples: examplesOf(slow, fast),
    limits: limitsOf(who, looked),
  }
}

/** What one slow checkout of a window looks like, seen against the others. @throws RangeError when it is not there */
export function diagnosisOf(traceId: string, looked: Looked): Diagnosis {
  const { slow, fast } = populationsIn(looked)
  const trace = looked.traces.get(traceId)
  const [one] = trace === undefined ? [] : casesOf([trace], tracesOf(fast), looked)
  if (one === undefined) throw new RangeError(`${traceId} is not in this window`)
  return diagnose(one, { differences: compare(tracesOf(slow), tracesOf(fast)), silent: silentIn(looked) })
}

/** Each slow trace with where it spent too much and what was written in it. */
function casesOf(slow: readonly Trace[], fast: readonly Trace[], { logs }: Looked): Case[] {
  const usual = usualOf(fast)
  const linesByTrace = Map.groupBy(logs, ({ traceId }) => traceId)
  return slow.flatMap((trace): Case[] => {
    const [first, ...others] = excessOf(trace, usual)
    const lines = linesByTrace.get(trace.traceId) ?? []
    return first === undefined ? [] : [{ trace, excesses: [first, ...others], lines }]
  })
}

function concluded(isWorth: boolean, { endedAtMs }: When, hypotheses: readonly Hypothesis[]): Conclusion {
  if (!isWorth) return 'nothing'
  if (endedAtMs !== undefined) return 'healed'
  return hypotheses.length > 0 ? 'explained' : 'unexplained'
}

/** Services that answered a request for each two checkouts at least, and of which next to no trace has a span. */
function silentIn({ samples, traces, series }: Looked): Set<string> {
  const answered = (service: string): number =>
    series
      .filter(({ metric, labels }) => metric === metrics.httpServerDuration && labels['service.name'] === service)
      .flatMap(({ points }) => points)
      .reduce((sum, { count = 0 }) => sum + count, 0)
  const shareWith = (service: string): number =>
    [...traces.values()].filter(({ spans }) => spans.some((span) => span.service === service)).length / traces.size
  const isSilent = (service: string) => answered(service) >= samples.length / 2 && shareWith(service) <= hardlyAny
  return new Set(serviceNames.filter(isSilent))
}

function stretchesOf(traced: readonly Traced[]): Stretch[] {
  return traced.flatMap(({ trace }) => {
    const checkout = checkoutSpan(trace)
    return checkout === undefined ? [] : [{ fromMs: checkout.startMs, toMs: checkout.endMs }]
  })
}

/** Slow ones around the median of their latency, and fast ones around theirs: no outliers. */
function examplesOf(slow: readonly Traced[], fast: readonly Traced[]): Why['examples'] {
  const typical = (traced: readonly Traced[]): string[] => {
    const middleMs = median(traced.map(({ sample }) => sample.latencyMs))
    const distance = ({ sample }: Traced) => Math.abs(sample.latencyMs - middleMs)
    return traced
      .toSorted((a, b) => distance(a) - distance(b))
      .slice(0, examplesKept)
      .map(({ trace }) => trace.traceId)
  }
  return { slow: typical(slow), fast: typical(fast) }
}

function limitsOf({ slow, traced, incomplete }: Who, { series, logs }: Looked): string[] {
  return [
    slow > traced.slow ? [`${slow - traced.slow} of ${slow} slow checkouts have no trace here.`] : [],
    incomplete > 0 ? [`${incomplete} traces lack the parent of a span.`] : [],
    slow > 0 && slow < 20 ? [`${slow} slow checkouts are few: shares among them are rough.`] : [],
    series.length === 0 ? ['There are no metrics of this window.'] : [],
    logs.length === 0 ? ['There are no log lines of this window.'] : [],
  ].flat()
}

const tracesOf = (traced: readonly Traced[]): Trace[] => traced.map(({ trace }) => trace)
const idsOf = (traces: readonly Trace[]): Set<string> => new Set(traces.map(({ traceId }) => traceId))

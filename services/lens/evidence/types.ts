// What a scenario claims and how a claim is judged: the shapes that the verifier, the scenarios and the lens share.
import type { MetricName } from '../../kit/telemetry/names.ts'
import type { Labels, LogLine, Series, Window } from '../source.ts'
import type { Trace } from '../trace.ts'

/**
 * One checkout as the driver saw it. `latencyMs` counts from the intended start; `cohort` is what the plan knew about it.
 * `isUntraced`: the answer said that its trace is not recorded, so that nobody misses it.
 */
export type Sample = {
  traceId?: string
  isUntraced?: true
  latencyMs: number
  status: number
  startMs: number
  cohort: Record<string, string>
}

/** Everything observed in one window. `traces` holds the traces of the samples, as far as they were fetched. */
export type Observed = {
  window: Window
  samples: Sample[]
  traces: ReadonlyMap<string, Trace>
  logs: LogLine[]
  series: Series[]
}

/** What has to be fetched before a piece of evidence can be judged; the traces of the samples always are. */
export type Needs = { logs?: { service?: string }[]; series?: { metric: MetricName; labels: Labels }[] }

/** Something a person can paste: into Prometheus, Tempo, Loki, or as a path after the viewer's address. */
export type Query = { language: 'PromQL' | 'TraceQL' | 'LogQL' | 'viewer'; text: string }

export type State = 'held' | 'failed' | 'inconclusive'
/** `measured` is a sentence with the numbers behind the state. */
export type Verdict = { state: State; measured: string }

/** What a claim answers, where a summary of many proofs has a column for it. */
export type Topic = 'impact' | 'contributor' | 'discriminator' | 'loudest'

/** A claim about one window, seen against a calm one. `judge` is pure; `judge(calm, calm)` asks whether it holds when calm. */
export type Evidence = {
  says: string
  pillar: 'metrics' | 'traces' | 'logs'
  topic?: Topic
  needs: Needs
  judge(now: Observed, calm: Observed): Verdict
  paste(window: Window): Query[]
}

/** Which samples a claim is about: each key equals the text, or differs from `not`. Empty means all of them. */
export type Cohort = Record<string, string | { not: string }>

/** What an attribute of a log line has to be: a text, or a number within a bound. */
export type Wanted = string | { atMost: number } | { atLeast: number }

export const held = (measured: string): Verdict => ({ state: 'held', measured })
export const failed = (measured: string): Verdict => ({ state: 'failed', measured })
export const inconclusive = (measured: string): Verdict => ({ state: 'inconclusive', measured })

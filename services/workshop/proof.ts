// What three windows come to: the verdict, and beside it what a person wants to know of a proof at a glance. Pure.
import {
  isVerdict,
  type Loudness,
  largestContributor,
  loudness,
  populationOf,
  type State,
  shapeOf,
} from '../lens/evidence.ts'
import { type Interval, wilson } from '../lens/statistics.ts'
import type { Judgement, Row } from '../lens/verdict.ts'
import { evidenceAfterMs } from './evidence-after.ts'
import { judge, judgeWithoutChange } from './judge.ts'
import type { Recording } from './recording.ts'
import type { Scenario } from './scenario.ts'

/** Numbers of the armed window: the median over the calm one's, and the share of slow checkouts with its 95 % interval. */
export type Impact = { medianRatio: number; checkouts: number; slow: number; slowShare: number; interval: Interval }

/** Where most of the slow checkouts spent most of their time, whatever the scenario declares. */
export type Contributor = { operation: string; slow: number; of: number }

export type Explanation = {
  impact: Impact
  /** Absent when next to nothing was slow. */
  contributor?: Contributor
  /** Services by how much slower they got, the loudest first, and whether that one is the cause. */
  loudness: Loudness[]
  isLoudestCulprit: boolean
  /** From armed until the telemetry of every declared symptom was there; absent when there is none, or not within the window. */
  evidenceAfterMs?: number
  /** The verdict had the change not been applied; absent for a scenario in which nothing happens. */
  withoutChange?: State
}

export type Proof = { scenario: Scenario; recording: Recording; judgement: Judgement; explanation: Explanation }

export function proofOf(scenario: Scenario, recording: Recording): Proof {
  const { calm, armed } = recording.windows
  const services = loudness(armed, calm)
  const contributor = contributorIn(recording)
  const afterMs = evidenceAfterMs(scenario, recording)
  const explanation: Explanation = {
    impact: impactOf(recording),
    ...(contributor === undefined ? {} : { contributor }),
    loudness: services,
    isLoudestCulprit: services[0]?.service === scenario.truth.component,
    ...(afterMs === undefined ? {} : { evidenceAfterMs: afterMs }),
    ...(scenario.control === 'nothing' ? {} : { withoutChange: judgeWithoutChange(scenario, recording).state }),
  }
  return { scenario, recording, judgement: judge(scenario, recording), explanation }
}

/** The row that answers a question, where the scenario declares one. */
export const rowAbout = ({ judgement }: Proof, topic: Row['topic']): Row | undefined =>
  judgement.rows.find((row) => row.topic === topic)

function impactOf({ windows: { calm, armed } }: Recording): Impact {
  const { total: checkouts, slow, slowShare, medianMs } = shapeOf(armed)
  return {
    medianRatio: medianMs / shapeOf(calm).medianMs,
    checkouts,
    slow,
    slowShare,
    interval: wilson(slow, checkouts),
  }
}

function contributorIn({ windows: { armed } }: Recording): Contributor | undefined {
  const population = populationOf(armed)
  if (isVerdict(population)) return undefined
  const operations = population.slow.map(({ trace }) => largestContributor(trace))
  const [commonest] = [...Map.groupBy(operations, (name) => name)].sort((a, b) => b[1].length - a[1].length)
  return commonest && { operation: commonest[0], slow: commonest[1].length, of: operations.length }
}

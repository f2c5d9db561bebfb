// Log evidence: a line that slow checkouts have far more often than fast ones, and that may name the checkout to blame.
import { attributes } from '../../kit/telemetry/names.ts'
import type { LogLine } from '../source.ts'
import { percent } from '../text.ts'
import type { AttributeValue } from '../trace.ts'
import { pasteLines } from './paste.ts'
import { among, fewestSlow, isIn, isVerdict, liftOf, populationOf, type Traced } from './population.ts'
import { type Cohort, type Evidence, failed, inconclusive, type Observed, type Verdict, type Wanted } from './types.ts'

/** How many waiters in front of a waiter are followed until the one who blocks them all. */
const longestQueue = 20

/** Where the lines lead: to a stored checkout of this cohort, in at least this share (default 0.8) of the slow ones with a line. */
type Target = { cohort: Cohort; atLeastShare?: number }

/** Which lines are meant. */
export type LinesOf = {
  service: string
  pattern: RegExp
  /** Attributes that the line has besides. */
  with?: Record<string, Wanted>
}

type Options = LinesOf & {
  among?: Cohort
  liftAtLeast?: number
  atLeastShare?: number
  leadsTo?: Target
}

/**
 * Lines of a service that match carry the trace ids of slow checkouts `liftAtLeast` times (default 5) as often as those of fast
 * ones, and of at least `atLeastShare` (default 0.5) of the slow ones.
 *
 * With `leadsTo`, the traces with such a line also have one (of any service) that names who blocks them
 * (`postgresql.blocked_by.trace_id`). Followed through the queue of waiters, it ends at a checkout of the cohort.
 */
export function logLift(says: string, options: Options): Evidence {
  const { service, pattern, with: also, among: cohort = {}, leadsTo } = options
  // Any service may write the line that names the blocking trace, so that all lines are needed.
  const logs = leadsTo === undefined ? [{ service }] : [{ service }, {}]
  return {
    says,
    pillar: 'logs',
    needs: { logs },
    judge(now) {
      const population = populationOf(now, cohort)
      if (isVerdict(population)) return population
      const { slow, fast } = population
      if (fast.length < fewestSlow)
        return inconclusive(`${fast.length} fast checkouts${among(cohort)} have a stored trace`)
      return judgeLines(now, slow, fast, options)
    },
    paste: () => pasteLines(service, pattern, also),
  }
}

function judgeLines(now: Observed, slow: Traced[], fast: Traced[], options: Options): Verdict {
  const { service, pattern, liftAtLeast = 5, atLeastShare = 0.5, leadsTo } = options
  const lines = now.logs.filter((line) => isMeant(line, options))
  if (lines.length === 0) return failed(`no line of ${service} matches ${pattern}`)
  const traceIds = new Set(lines.map(({ traceId }) => traceId))
  const waiting = slow.filter(({ trace }) => traceIds.has(trace.traceId))
  const fastHits = fast.filter(({ trace }) => traceIds.has(trace.traceId)).length
  const share = waiting.length / slow.length
  const lift = liftOf({ hits: waiting.length, total: slow.length }, { hits: fastHits, total: fast.length })
  const measured = `${waiting.length} of ${slow.length} slow checkouts have a line (${percent(share)}, at least ${percent(atLeastShare)} expected), ${fastHits} of ${fast.length} fast ones: ${lift.toFixed(1)} times as often (at least ${liftAtLeast} expected)`
  if (share < atLeastShare || lift < liftAtLeast) return failed(measured)
  return leadsTo === undefined ? { state: 'held', measured } : judgeTarget(now, waiting, leadsTo, measured)
}

/** Whether a line is one of those that are looked for. */
export const isMeant = (line: LogLine, { service, pattern, with: also = {} }: LinesOf): boolean =>
  line.service === service &&
  line.body.search(pattern) >= 0 &&
  Object.entries(also).every(([key, wanted]) => isWanted(line.attributes[key], wanted))

function isWanted(value: AttributeValue | undefined, wanted: Wanted): boolean {
  if (typeof wanted === 'string') return String(value) === wanted
  if (typeof value !== 'number') return false
  return 'atMost' in wanted ? value <= wanted.atMost : value >= wanted.atLeast
}

function judgeTarget(
  now: Observed,
  waiting: Traced[],
  { cohort, atLeastShare = 0.8 }: Target,
  measured: string,
): Verdict {
  const blockers = blockersByTrace(now.logs)
  const samples = new Map(now.samples.map((sample) => [sample.traceId, sample]))
  const isTarget = (traceId: string): boolean => {
    const sample = samples.get(traceId)
    return sample !== undefined && now.traces.has(traceId) && isIn(sample, cohort)
  }
  const led = waiting.filter(({ trace }) => leadsToTarget(trace.traceId, blockers, isTarget)).length
  const share = led / waiting.length
  return {
    state: share >= atLeastShare ? 'held' : 'failed',
    measured: `${measured}; ${led} of these ${waiting.length} lead to a blocking checkout${among(cohort)} (${percent(share)}, at least ${percent(atLeastShare)} expected)`,
  }
}

function blockersByTrace(logs: readonly LogLine[]): Map<string, Set<string>> {
  const blockers = new Map<string, Set<string>>()
  for (const { traceId, attributes: of } of logs) {
    const blockedBy = of[attributes.blockedByTraceId]
    if (traceId === undefined || typeof blockedBy !== 'string') continue
    blockers.set(traceId, (blockers.get(traceId) ?? new Set()).add(blockedBy))
  }
  return blockers
}

/** Waiters queue behind waiters: the first one blocks the second, who knows nothing of the one at the front. */
function leadsToTarget(from: string, blockers: Map<string, Set<string>>, isTarget: (id: string) => boolean): boolean {
  const seen = new Set([from])
  let front = [from]
  for (let hops = 0; hops < longestQueue && front.length > 0; hops++) {
    front = front.flatMap((id) => [...(blockers.get(id) ?? [])]).filter((id) => !seen.has(id))
    if (front.some(isTarget)) return true
    for (const id of front) seen.add(id)
  }
  return false
}

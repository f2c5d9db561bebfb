// Log evidence about when: while slow checkouts wait, somebody else's request writes a line that tells what it was doing.
import type { LogLine } from '../source.ts'
import { percent } from '../text.ts'
import { checkoutSpan, rootOf } from '../trace.ts'
import { isMeant, type LinesOf } from './log-lift.ts'
import { pasteLines } from './paste.ts'
import { among, isVerdict, populationOf, type Traced } from './population.ts'
import { type Cohort, type Evidence, failed, type Observed, type Verdict } from './types.ts'

/** Long checkouts see many lines by chance: they must see such a line this many times as often. */
const oftenerThanChance = 2

type Options = LinesOf & { among?: Cohort; atLeastShare?: number }

/**
 * During at least `atLeastShare` (default 0.8) of the slow checkouts a line that matches is written in another trace (or in
 * none), and at least twice as often as lines that come at any time would be seen by waits of their length.
 */
export function coincides(says: string, options: Options): Evidence {
  const { service, pattern, with: also, among: cohort = {} } = options
  return {
    says,
    pillar: 'logs',
    needs: { logs: [{ service }] },
    judge(now) {
      const population = populationOf(now, cohort)
      return isVerdict(population) ? population : judgeTimes(now, population.slow, options)
    },
    paste: () => pasteLines(service, pattern, also),
  }
}

function judgeTimes({ logs, window }: Observed, slow: Traced[], options: Options): Verdict {
  const { service, pattern, among: cohort = {}, atLeastShare = 0.8 } = options
  const lines = logs.filter((line) => isMeant(line, options))
  if (lines.length === 0) return failed(`no line of ${service} matches ${pattern}`)
  const share = slow.filter((one) => seesOne(one, lines)).length / slow.length
  const perMs = lines.length / (window.toMs - window.fromMs)
  const byChance = slow.reduce((sum, one) => sum + 1 - Math.exp(-perMs * lengthOf(one)), 0) / slow.length
  const measured = `${percent(share)} of ${slow.length} slow checkouts${among(cohort)} see such a line of another request (at least ${percent(atLeastShare)} expected), of ${lines.length} lines; by chance ${percent(byChance)} would`
  const isMoreThanChance = share >= byChance * oftenerThanChance
  return { state: share >= atLeastShare && isMoreThanChance ? 'held' : 'failed', measured }
}

function seesOne({ trace }: Traced, lines: readonly LogLine[]): boolean {
  const span = checkoutSpan(trace) ?? rootOf(trace)
  return (
    span !== undefined &&
    lines.some(({ atMs, traceId }) => traceId !== trace.traceId && atMs >= span.startMs && atMs <= span.endMs)
  )
}

const lengthOf = ({ sample }: Traced): number => sample.latencyMs

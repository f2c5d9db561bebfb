// Log evidence where no trace leads: lines without a trace id that name slow checkouts by another key.

import { featuresOf, valuesOf } from '../features.ts'
import { percent } from '../text.ts'
import { isMeant } from './log-lift.ts'
import { pasteUntracedLines } from './paste.ts'
import { among, fewestSlow, isVerdict, liftOf, populationOf, type Traced } from './population.ts'
import { type Cohort, type Evidence, failed, inconclusive } from './types.ts'

/**
 * Lines of a service that match and carry no trace id have, under `key` (`shop.order_id`), the value that the checkout's trace
 * has: of at least `atLeastShare` (default 0.8) of the slow checkouts, `liftAtLeast` times (default 5) as often as of fast ones.
 */
export function untracedLines(
  says: string,
  options: {
    service: string
    pattern: RegExp
    key: string
    among?: Cohort
    liftAtLeast?: number
    atLeastShare?: number
  },
): Evidence {
  const { service, pattern, key, among: cohort = {}, liftAtLeast = 5, atLeastShare = 0.8 } = options
  return {
    says,
    pillar: 'logs',
    needs: { logs: [{ service }] },
    judge(now) {
      const population = populationOf(now, cohort)
      if (isVerdict(population)) return population
      const { slow, fast } = population
      if (fast.length < fewestSlow)
        return inconclusive(`${fast.length} fast checkouts${among(cohort)} have a stored trace`)
      const lines = now.logs.filter((line) => isMeant(line, { service, pattern }))
      const named = new Set(lines.filter(({ traceId }) => !traceId).map(({ attributes }) => String(attributes[key])))
      if (named.size === 0) return failed(`no line of ${service} without a trace id matches ${pattern}`)
      const isNamed = ({ trace }: Traced) => [...valuesOf(featuresOf(trace), key)].some((id) => named.has(String(id)))
      const [slowHits, fastHits] = [slow.filter(isNamed).length, fast.filter(isNamed).length]
      const share = slowHits / slow.length
      const lift = liftOf({ hits: slowHits, total: slow.length }, { hits: fastHits, total: fast.length })
      const measured = `${slowHits} of ${slow.length} slow checkouts are named by ${key} (${percent(share)}, at least ${percent(atLeastShare)} expected), ${fastHits} of ${fast.length} fast ones: ${lift.toFixed(1)} times as often (at least ${liftAtLeast} expected)`
      return { state: share >= atLeastShare && lift >= liftAtLeast ? 'held' : 'failed', measured }
    },
    paste: () => pasteUntracedLines(service, pattern),
  }
}

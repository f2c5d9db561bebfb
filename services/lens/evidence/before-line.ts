// Log evidence about when: slow checkouts begin shortly before a line is written, and fast ones at any time.
import { percent } from '../text.ts'
import { isMeant } from './log-lift.ts'
import { pasteLines } from './paste.ts'
import { fewestSlow, isIn, isSlow, isVerdict, populationOf } from './population.ts'
import { type Cohort, type Evidence, failed, inconclusive, type Sample } from './types.ts'

/** The share among fast checkouts must be at most this part of the share among slow ones. */
const farLess = 0.5

/**
 * At least `atLeastShare` (default 0.8) of the slow checkouts begin within `beforeMs` before a line of the service that
 * matches, and the fast ones at most half as often. The line is about something else: it need not name any checkout.
 */
export function beforeLine(
  says: string,
  options: { service: string; pattern: RegExp; beforeMs: number; among?: Cohort; atLeastShare?: number },
): Evidence {
  const { service, pattern, beforeMs, among: cohort = {}, atLeastShare = 0.8 } = options
  return {
    says,
    pillar: 'logs',
    needs: { logs: [{ service }] },
    judge(now) {
      const population = populationOf(now, cohort)
      if (isVerdict(population)) return population
      const members = now.samples.filter((sample) => isIn(sample, cohort))
      const [slow, fast] = [members.filter(isSlow), members.filter((sample) => !isSlow(sample))]
      if (fast.length < fewestSlow) return inconclusive(`${fast.length} fast checkouts observed`)
      const times = now.logs.filter((line) => isMeant(line, { service, pattern }))
      if (times.length === 0) return failed(`no line of ${service} matches ${pattern}`)
      const isNear = ({ startMs }: Sample) => times.some(({ atMs }) => atMs >= startMs && atMs - startMs <= beforeMs)
      const [slowHits, fastHits] = [slow.filter(isNear).length, fast.filter(isNear).length]
      const [slowShare, fastShare] = [slowHits / slow.length, fastHits / fast.length]
      const measured = `${slowHits} of ${slow.length} slow checkouts began within ${beforeMs} ms before one of ${times.length} lines (${percent(slowShare)}, at least ${percent(atLeastShare)} expected), ${fastHits} of ${fast.length} fast ones (${percent(fastShare)})`
      const isHeld = slowShare >= atLeastShare && fastShare <= slowShare * farLess
      return { state: isHeld ? 'held' : 'failed', measured }
    },
    paste: () => pasteLines(service, pattern),
  }
}

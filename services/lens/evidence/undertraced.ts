// Evidence about the telemetry itself: the slow checkouts are the ones that no trace is left of, and logs know them all the same.
import { percent } from '../text.ts'
import { isMeant } from './log-lift.ts'
import { pasteCheckoutLatency, pasteLines, pasteSlowTraces } from './paste.ts'
import { fewestSamples, fewestSlow, isSlow } from './population.ts'
import { type Evidence, failed, inconclusive, type Observed, type Sample } from './types.ts'

/** Traces are complete when nearly all fast checkouts have one. */
const completeShare = 0.8

/** At most `atMostShare` (0–1) of the slow checkouts have a stored trace, and of the fast ones at least four fifths. */
export function undertraced(says: string, { atMostShare }: { atMostShare: number }): Evidence {
  return {
    says,
    pillar: 'traces',
    needs: {},
    judge(now) {
      const { samples } = now
      if (samples.length < fewestSamples)
        return inconclusive(`${samples.length} checkouts observed, ${fewestSamples} are needed`)
      const slow = samples.filter(isSlow)
      const fast = samples.filter((sample) => !isSlow(sample))
      if (slow.length < fewestSlow) return failed(`${slow.length} of ${samples.length} checkouts were slow`)
      const [slowTraced, fastTraced] = [tracedOf(slow, now).length, tracedOf(fast, now).length]
      const measured = `${slowTraced} of ${slow.length} slow checkouts have a trace (${percent(slowTraced / slow.length)}, at most ${percent(atMostShare)} expected), ${fastTraced} of ${fast.length} fast ones (${percent(fastTraced / fast.length)})`
      const isBiased = slowTraced <= slow.length * atMostShare && fastTraced >= fast.length * completeShare
      return { state: isBiased ? 'held' : 'failed', measured }
    },
    // The histogram's share of slow ones beside the list of those that left a trace.
    paste: (window) => [...pasteCheckoutLatency(window).slice(0, 1), ...pasteSlowTraces(window)],
  }
}

/** Of the slow checkouts without a trace at least `atLeastShare` (0–1) have a line of the service, whose trace id leads nowhere. */
export function loggedUntraced(
  says: string,
  { service, pattern, atLeastShare }: { service: string; pattern: RegExp; atLeastShare: number },
): Evidence {
  return {
    says,
    pillar: 'logs',
    needs: { logs: [{ service }] },
    judge(now) {
      if (now.samples.length < fewestSamples)
        return inconclusive(`${now.samples.length} checkouts observed, ${fewestSamples} are needed`)
      const slow = now.samples.filter(isSlow)
      const traced = new Set(tracedOf(slow, now))
      const untraced = slow.filter((sample) => !traced.has(sample))
      if (untraced.length < fewestSlow)
        return failed(`${untraced.length} of ${slow.length} slow checkouts lack a trace`)
      const lines = now.logs.filter((line) => isMeant(line, { service, pattern }))
      const logged = new Set(lines.map(({ traceId }) => traceId))
      const hits = untraced.filter(({ traceId }) => traceId !== undefined && logged.has(traceId)).length
      const measured = `${hits} of ${untraced.length} slow checkouts without a trace have a line of ${service} (${percent(hits / untraced.length)}, at least ${percent(atLeastShare)} expected)`
      return { state: hits >= untraced.length * atLeastShare ? 'held' : 'failed', measured }
    },
    paste: () => pasteLines(service, pattern),
  }
}

const tracedOf = (samples: readonly Sample[], { traces }: Observed): Sample[] =>
  samples.filter(({ traceId }) => traceId !== undefined && traces.has(traceId))

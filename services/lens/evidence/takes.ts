// Trace evidence about size: how long a span takes in slow checkouts, as a person would read it off a waterfall.
import { median } from '../statistics.ts'
import { inMs } from '../text.ts'
import { durationMs, findSpans, type SpanKind } from '../trace.ts'
import { pasteSlowTraces, pasteSpan } from './paste.ts'
import { among, fewestSlow, overSlowTraces } from './population.ts'
import { type Cohort, type Evidence, failed } from './types.ts'

/** The median duration of the span in slow checkouts lies between the two bounds, in ms. */
export function takes(
  says: string,
  {
    among: cohort = {},
    betweenMs: [atLeastMs, atMostMs],
    ...where
  }: { service: string; name: string; kind?: SpanKind; betweenMs: readonly [number, number]; among?: Cohort },
): Evidence {
  return overSlowTraces(says, cohort, {
    judge({ slow }) {
      const durations = slow.flatMap(({ trace }) => findSpans(trace, where).map(durationMs))
      const what = `${where.service} ${where.name}`
      if (durations.length < fewestSlow)
        return failed(`${durations.length} spans ${what} in ${slow.length} slow checkouts${among(cohort)}`)
      const typicalMs = median(durations)
      const measured = `${what} takes ${inMs(typicalMs)} in the median of ${durations.length} spans in slow checkouts${among(cohort)} (${inMs(atLeastMs)} to ${inMs(atMostMs)} expected)`
      return { state: typicalMs >= atLeastMs && typicalMs <= atMostMs ? 'held' : 'failed', measured }
    },
    paste: (window) => [pasteSpan(where, { underSlowCheckout: true, quantile: 0.5 }), ...pasteSlowTraces(window)],
  })
}

// Spans with the same parent: which of them are alike, and which ran one after the other.
import type { Span } from './trace.ts'

/** Groups of the same service, name and kind; each in the order given. */
export const alike = (siblings: readonly Span[]): Span[][] => [
  ...Map.groupBy(siblings, (span) => JSON.stringify([span.service, span.name, span.kind])).values(),
]

/** The longest chain of spans, by start time, of which each starts after the one before has ended (give or take 1 ms). */
export function sequentialRun(siblings: readonly Span[]): Span[] {
  // Taking the earliest end first yields the longest chain (interval scheduling, Kleinberg & Tardos 4.1).
  const run: Span[] = []
  for (const span of siblings.toSorted((a, b) => a.endMs - b.endMs)) {
    if (span.startMs >= (run.at(-1)?.endMs ?? Number.NEGATIVE_INFINITY) - 1) run.push(span)
  }
  return run
}

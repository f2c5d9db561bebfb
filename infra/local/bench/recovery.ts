// How long after an overload the objective holds again. Pure.
import type { Outcome } from '../../../loadtest/outcome.ts'
import { isGood } from '../../../loadtest/report.ts'
import { errorBudget } from '../../../services/kit/slo.ts'

/**
 * Seconds after `sinceMs` from which on the objective holds: among all that come until the end, and among those of the first ten
 * seconds of that. Undefined when it does not hold before there are ten seconds left.
 */
export function recoveredAfter(outcomes: readonly Outcome[], sinceMs: number): number | undefined {
  const endMs = Math.max(...outcomes.map(({ dueEpochMs }) => dueEpochMs))
  for (let seconds = 0; sinceMs + (seconds + firstSeconds) * 1000 <= endMs; seconds++) {
    const fromMs = sinceMs + seconds * 1000
    const rest = outcomes.filter(({ dueEpochMs }) => dueEpochMs >= fromMs)
    const first = rest.filter(({ dueEpochMs }) => dueEpochMs < fromMs + firstSeconds * 1000)
    if (isHeld(rest) && isHeld(first)) return seconds
  }
  return undefined
}

const firstSeconds = 10

/** A single one that is late, among so few, says nothing. */
const isHeld = (outcomes: readonly Outcome[]): boolean =>
  outcomes.filter((outcome) => !isGood(outcome)).length <= Math.max(1, errorBudget * outcomes.length)

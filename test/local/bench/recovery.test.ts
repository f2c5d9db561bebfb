// When the objective holds again after an overload, told from the checkouts that came afterwards.
import { expect, test } from 'vitest'
import { recoveredAfter } from '../../../infra/local/bench/recovery.ts'
import type { Outcome } from '../../../loadtest/outcome.ts'
import { plan } from '../../../loadtest/plan.ts'
import { proof } from '../../../loadtest/profiles.ts'

const endedMs = 1_700_000_000_000
const arrivals = plan({ ...proof, ratePerSecond: 20, durationSeconds: 60 }, 1)

/** Twenty a second for a minute after the overload; `of` says what became of those of each second. */
const afterwards = (of: (second: number) => { status?: number; latencyMs?: number }): Outcome[] =>
  arrivals.map((arrival) => ({
    arrival,
    dueEpochMs: endedMs + arrival.atMs,
    ...{ status: 201, latencyMs: 80, startLagMs: 0 },
    ...of(arrival.atMs / 1000),
  }))

test('is at once when all are well', () => {
  expect(
    recoveredAfter(
      afterwards(() => ({})),
      endedMs,
    ),
  ).toBe(0)
})

test('is when the last slow ones are through, to the second', () => {
  const outcomes = afterwards((second) => (second < 7 ? { latencyMs: 900 } : {}))
  expect(recoveredAfter(outcomes, endedMs)).toBe(7)
})

test('counts those that were refused, however quickly', () => {
  const outcomes = afterwards((second) => (second < 12 ? { status: 503, latencyMs: 3 } : {}))
  expect(recoveredAfter(outcomes, endedMs)).toBe(12)
})

test('is not yet while it comes back', () => {
  const outcomes = afterwards((second) => (second < 5 || (second > 20 && second < 25) ? { latencyMs: 900 } : {}))
  expect(recoveredAfter(outcomes, endedMs)).toBe(25)
})

test('does not wait for a single one that is late', () => {
  const outcomes = afterwards((second) => (second === 30 ? { latencyMs: 900 } : {}))
  expect(recoveredAfter(outcomes, endedMs)).toBe(0)
})

test('is never when it does not come back', () => {
  expect(
    recoveredAfter(
      afterwards(() => ({ latencyMs: 900 })),
      endedMs,
    ),
  ).toBeUndefined()
})

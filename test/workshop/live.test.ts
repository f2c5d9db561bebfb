// What customers feel, from a histogram whose numbers are known.
import { expect, test } from 'vitest'
import { attributes, metrics } from '../../services/kit/telemetry/names.ts'
import type { Series } from '../../services/lens/source.ts'
import { liveOf, stepMs } from '../../services/workshop/live.ts'

const nowMs = 600_000
/** One export of `fast` checkouts of 50 to 100 ms and `slow` ones of 0.5 to 1 s. */
const point = (atMs: number, fast: number, slow = 0) => ({
  atMs,
  value: 0.1,
  count: fast + slow,
  buckets: [
    { upTo: 0.05, count: 0 },
    { upTo: 0.1, count: fast },
    { upTo: 0.5, count: 0 },
    { upTo: 1, count: slow },
    { upTo: Number.POSITIVE_INFINITY, count: 0 },
  ],
})
const series = (outcome: string, points: Series['points']): Series => ({
  metric: metrics.checkoutDuration,
  labels: { [attributes.outcome]: outcome },
  points,
})

test('rates, percentiles and shares are those of their stretch of time, and declined cards count as not placed', () => {
  const placed = [point(500_000, 100), point(560_000, 100), point(590_000, 90, 10)]
  const live = liveOf([series('placed', placed), series('card_declined', [point(590_000, 5)])], 580_000, nowMs)

  expect(live.before).toMatchObject({ checkouts: 100, perSecond: 100 / 60, slow: 0, notPlaced: 0 })
  expect(live.before?.p50Ms).toBeCloseTo(75)
  expect(live.before?.p99Ms).toBeCloseTo(99.5)
  expect(live.since).toMatchObject({ checkouts: 105, slow: 10, notPlaced: 5 })
  expect(live.since?.p50Ms).toBeCloseTo(77.6, 1)
  expect(live.since?.p99Ms).toBeGreaterThan(900)
  expect(live.lately.perSecond).toBeCloseTo(7)
})

test('the last five minutes come in steps, and a step without checkouts has no percentiles', () => {
  const { steps, before, since } = liveOf([series('placed', [point(590_000, 10)])], undefined, nowMs)
  expect(steps).toHaveLength(60)
  expect(steps[0]).toEqual({ atMs: nowMs - 300_000, checkouts: 0, perSecond: 0, slow: 0, notPlaced: 0 })
  expect(steps.find(({ checkouts }) => checkouts > 0)).toMatchObject({ atMs: 590_000, perSecond: 10_000 / stepMs })
  expect([before, since]).toEqual([undefined, undefined])
})

test('of what is beyond the last bound only that is known', () => {
  const endless = {
    atMs: 599_000,
    value: 9,
    count: 10,
    buckets: [
      { upTo: 1, count: 0 },
      { upTo: Number.POSITIVE_INFINITY, count: 10 },
    ],
  }
  expect(liveOf([series('placed', [endless])], undefined, nowMs).lately).toMatchObject({
    p50Ms: 1000,
    p99Ms: 1000,
    slow: 10,
  })
})

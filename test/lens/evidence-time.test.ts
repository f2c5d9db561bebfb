// Evidence about when checkouts were slow: at the same instant, at an even pace, or while something else happened.
import { expect, test } from 'vitest'
import { attributes, metrics, spans } from '../../services/kit/telemetry/names.ts'
import {
  bunched,
  coincides,
  duringPeaks,
  type Evidence,
  gap,
  inBursts,
  type Observed,
  ownTime,
} from '../../services/lens/evidence.ts'
import type { LogLine } from '../../services/lens/source.ts'
import type { Trace } from '../../services/lens/trace.ts'
import { client, logLine, server, span, trace, traceIdOf } from '../helpers/traces.ts'

const plain = { [attributes.coupon]: 'none' }
const refused = { [attributes.coupon]: 'refused' }
const windowMs = 30_000

type Checkout = { trace: Trace; cohort: Record<string, string> }

/** A checkout at `atMs` that waits `waitMs` until pricing begins, which then works for `workMs` and asks for `queryMs`. */
function checkout(id: number, atMs: number, { waitMs = 2, workMs = 4, queryMs = 3, cohort = plain } = {}): Checkout {
  const beginMs = atMs + 20 + waitMs
  const endMs = beginMs + workMs + queryMs
  const quote = server('pricing', 'POST /quotes', beginMs, endMs, [
    span('pricing', 'pg.query:SELECT shop', beginMs + workMs, endMs),
  ])
  const reserve = server('inventory', 'POST /reservations', atMs + 10, endMs + 12, [
    client('inventory', 'POST', atMs + 20, endMs + 2, [quote]),
  ])
  const root = server('api', spans.checkout, atMs, endMs + 50, [client('api', 'POST', atMs + 8, endMs + 14, [reserve])])
  return { trace: trace(root, traceIdOf(id)), cohort }
}

function windowOf(checkouts: Checkout[], logs: LogLine[] = []): Observed {
  return {
    window: { fromMs: 0, toMs: windowMs },
    samples: checkouts.map(({ trace: { traceId, spans: all }, cohort }) => {
      const [startMs, endMs] = [Math.min(...all.map((one) => one.startMs)), Math.max(...all.map((one) => one.endMs))]
      return { traceId, latencyMs: endMs - startMs, status: 201, startMs, cohort }
    }),
    traces: new Map(checkouts.map((one) => [one.trace.traceId, one.trace])),
    logs,
    series: [],
  }
}

const quick = Array.from({ length: 500 }, (_, i) => checkout(i + 1, i * 50))
const times = [2_000, 8_000, 11_000, 17_000, 21_000, 26_000]
/** At each of the times one checkout keeps pricing busy for 650 ms, and three others wait for the rest of that. */
const blockers = times.map((ms, i) => checkout(1_000 + i, ms, { workMs: 650, cohort: refused }))
const victims = times.flatMap((ms, i) =>
  [40, 80, 120].map((lateMs, j) => checkout(2_000 + i * 3 + j, ms + lateMs, { waitMs: 650 - lateMs + j * 5 })),
)
const lines = blockers.map(({ trace: { traceId } }, i) =>
  logLine((times[i] ?? 0) + 672, 'coupon refused: X.', { service: 'pricing', traceId }),
)
const blocked = windowOf([...quick, ...blockers, ...victims], lines)
const calm = windowOf(quick)
/** As many that wait as long, each at a time of its own. */
const scattered = windowOf(
  [...quick, ...Array.from({ length: 18 }, (_, i) => checkout(3_000 + i, 500 + i * 1_500, { waitMs: 600 }))],
  lines,
)
const judge = (evidence: Evidence, now: Observed) => evidence.judge(now, calm)

const atOnce = bunched('pricing begins with several of them at once', {
  service: 'pricing',
  name: 'POST /quotes',
  withinMs: 50,
  atLeast: 2,
  among: plain,
  atLeastShare: 0.7,
})

test('bunched holds when what was waited for begins for several at the same instant', () => {
  expect(judge(atOnce, blocked)).toEqual({
    state: 'held',
    measured:
      '18 of 18 slow checkouts among shop.coupon = none have pricing POST /quotes start within 50 ms of 2 others, median 2 others (100 %, at least 70 % expected)',
  })
})

test('bunched fails when each begins at a time of its own, when too few do so together, and when calm', () => {
  expect(judge(atOnce, scattered).measured).toMatch(/^0 of 18 /)
  expect(judge(atOnce, scattered).state).toBe('failed')
  const four = bunched('', { service: 'pricing', withinMs: 50, atLeast: 3, among: plain, atLeastShare: 0.7 })
  expect(judge(four, blocked).state).toBe('failed')
  expect(judge(atOnce, calm).state).toBe('failed')
})

test('bunched is inconclusive without the traces', () => {
  expect(judge(atOnce, { ...blocked, traces: new Map() }).state).toBe('inconclusive')
})

const meanwhile = { service: 'pricing', pattern: /coupon refused/, among: plain }
const elsewhere = coincides('somebody else is refused a coupon meanwhile', meanwhile)

test('coincides holds when a line of another request is written while slow checkouts wait', () => {
  expect(judge(elsewhere, blocked)).toEqual({
    state: 'held',
    measured:
      '100 % of 18 slow checkouts among shop.coupon = none see such a line of another request (at least 80 % expected), of 6 lines; by chance 12 % would',
  })
})

test('coincides fails when the lines come at other times, are their own, are too many to mean anything, or when calm', () => {
  expect(judge(elsewhere, scattered).state).toBe('failed')
  expect(judge(elsewhere, { ...blocked, logs: [] }).measured).toBe('no line of pricing matches /coupon refused/')
  const own = victims.map(({ trace: { traceId, spans: all } }) =>
    logLine((all[0]?.endMs ?? 0) - 5, 'coupon refused: X.', { service: 'pricing', traceId }),
  )
  // Every victim sees the lines of those who wait with it; alone, it would see none.
  const alone = windowOf(
    [...quick, ...victims.filter((_, i) => i % 3 === 0)],
    own.filter((_, i) => i % 3 === 0),
  )
  expect(judge(elsewhere, alone).measured).toMatch(/^0.0 % of 6 /)
  const always = Array.from({ length: 300 }, (_, i) => logLine(i * 100, 'coupon refused: X.', { service: 'pricing' }))
  expect(judge(elsewhere, { ...blocked, logs: always })).toMatchObject({
    state: 'failed',
    measured: expect.stringMatching(/^100 % of 18 .*; by chance 100 % would$/),
  })
  expect(judge(elsewhere, { ...calm, logs: lines }).state).toBe('failed')
})

test('coincides counts lines of the service and with the attributes that are meant only', () => {
  expect(judge(coincides('', { ...meanwhile, service: 'api' }), blocked).state).toBe('failed')
  expect(judge(coincides('', { ...meanwhile, with: { [attributes.couponCode]: 'X.' } }), blocked).state).toBe('failed')
})

const busy = ownTime('pricing itself works', { service: 'pricing', kind: 'server', among: refused, atLeastShare: 0.8 })

test('ownTime holds for work of the span itself', () => {
  expect(judge(busy, blocked)).toEqual({
    state: 'held',
    measured:
      '6 of 6 slow checkouts among shop.coupon = refused spend most in pricing itself, median 650 ms (100 %, at least 80 % expected)',
  })
})

test('ownTime fails when the time is spent below the span, or before it begins', () => {
  const asking = times.map((ms, i) => checkout(1_000 + i, ms, { queryMs: 650, cohort: refused }))
  expect(judge(busy, windowOf([...quick, ...asking])).measured).toMatch(
    /the others mostly in pricing pg.query:SELECT shop$/,
  )
  const innocent = ownTime('', { service: 'pricing', kind: 'server', among: plain, atLeastShare: 0.5 })
  expect(judge(innocent, blocked)).toMatchObject({
    state: 'failed',
    measured: expect.stringMatching(/the others mostly in inventory POST \(before-server\)$/),
  })
  expect(
    judge(gap('', { service: 'inventory', part: 'before-server', among: plain, atLeastShare: 1 }), blocked).state,
  ).toBe('held')
})

/** Ten slow checkouts, one every 50 ms, from each of these times on. */
const burstsAt = (...fromMs: number[]) =>
  fromMs.flatMap((ms, i) =>
    Array.from({ length: 10 }, (_, j) => checkout(4_000 + i * 10 + j, ms + j * 50, { waitMs: 900 })),
  )
const evenly = windowOf([...quick, ...burstsAt(300, 6_800, 13_100, 19_700)])
const pace = inBursts('slow ones come at an even pace', { quietMs: 2_000, everyMs: [5_000, 8_000] })

test('inBursts holds when the slow checkouts come together, and at an even pace', () => {
  expect(judge(pace, evenly)).toEqual({
    state: 'held',
    measured:
      '100 % of 40 slow checkouts came in 4 bursts (at least 90 % in 3 expected), 6.5, 6.3, 6.6 s after one another (5.0 to 8.0 s expected)',
  })
  const strays = [checkout(5_000, 4_000, { waitMs: 900 }), checkout(5_001, 10_000, { waitMs: 900 })]
  expect(judge(pace, windowOf([...quick, ...burstsAt(300, 6_800, 13_100), ...strays])).state).toBe('held')
})

test('inBursts fails at an uneven or another pace, for too few bursts, for slow ones at any time, and when calm', () => {
  const at = (...fromMs: number[]) => windowOf([...quick, ...burstsAt(...fromMs)])
  expect(judge(pace, at(300, 4_800, 13_100, 19_700)).state).toBe('failed')
  expect(judge(pace, at(300, 3_300, 6_300, 9_300)).state).toBe('failed')
  expect(judge(pace, at(300, 10_300, 20_300)).state).toBe('failed')
  expect(judge(pace, at(300, 6_800)).measured).toMatch(/^100 % of 20 slow checkouts came in 2 bursts .*, 6.5 s after/)
  expect(judge(pace, at(300, 6_800)).state).toBe('failed')
  expect(judge(pace, scattered).measured).toMatch(/came in 1 bursts/)
  expect(judge(pace, scattered).state).toBe('failed')
  const strays = [4_000, 10_000, 17_000, 24_000].map((ms, i) => checkout(5_000 + i, ms, { waitMs: 900 }))
  expect(judge(pace, windowOf([...quick, ...burstsAt(300, 6_800, 13_100), ...strays])).state).toBe('failed')
  expect(judge(pace, calm).state).toBe('failed')
})

const misses = { metric: metrics.cacheLookups, labels: { [attributes.cacheResult]: 'miss' }, above: 10 }
const peaks = duringPeaks('they come while the cache has nothing', misses)
/** A point every 1.5 s: 30 in each interval in which one of these times lies, else 2. */
function counting(observed: Observed, ...peaksMs: number[]): Observed {
  const points = Array.from({ length: 20 }, (_, i) => {
    const atMs = (i + 1) * 1_500
    const isPeak = peaksMs.some((ms) => ms > atMs - 1_500 && ms <= atMs)
    return { atMs, value: isPeak ? 30 : 2 }
  })
  return { ...observed, series: [{ metric: misses.metric, labels: misses.labels, points }] }
}

test('duringPeaks holds when the counter grows while slow checkouts come, and mostly not while fast ones do', () => {
  expect(judge(peaks, counting(evenly, 300, 6_800, 13_100, 19_700))).toEqual({
    state: 'held',
    measured:
      '39 of 40 slow checkouts came while shop.cache.lookups grew by more than 10 (98 %, at least 80 % expected), 121 of 500 fast ones (24 %)',
  })
})

test('duringPeaks fails when the peaks are at other times, everywhere, or nothing was slow; without points it is undecided', () => {
  expect(judge(peaks, counting(evenly, 3_000, 9_500, 16_500)).state).toBe('failed')
  const everywhere = Array.from({ length: 20 }, (_, i) => i * 1_500 + 700)
  expect(judge(peaks, counting(evenly, ...everywhere))).toMatchObject({
    state: 'failed',
    measured: expect.stringContaining('40 of 40'),
  })
  expect(judge(peaks, counting(calm, 300, 6_800)).state).toBe('failed')
  expect(judge(peaks, evenly).state).toBe('inconclusive')
})

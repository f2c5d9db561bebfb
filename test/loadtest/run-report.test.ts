// One run summed up, and what text and page make of it.
import { expect, test } from 'vitest'
import { adapted } from '../../loadtest/adapted.ts'
import { countOf } from '../../loadtest/arrival-times.ts'
import { findingsOf } from '../../loadtest/findings.ts'
import { type Lesson, lessons, partAt } from '../../loadtest/lessons.ts'
import type { Outcome } from '../../loadtest/outcome.ts'
import { pageOf } from '../../loadtest/page.ts'
import { plan } from '../../loadtest/plan.ts'
import { type Played, type RunFacts, runReport } from '../../loadtest/run-report.ts'
import { textOf } from '../../loadtest/text.ts'

const named = (id: string) => lessons.find((lesson) => lesson.id === id) as Lesson
const traceUrl = (traceId: string) => `http://localhost:4318/trace/${traceId}`
const startMs = Date.UTC(2030, 0, 1)

const factsOf = (lesson: Lesson, more: Partial<RunFacts> = {}): RunFacts => ({
  ...{ run: 'a1b2c3d4', player: 'node', seed: 1, planHash: '0123456789abcd', planned: countOf(lesson.profile) },
  ...{ startedAtMs: startMs, isPartial: false, notes: [], ...more },
})

/** A whole plan, each arrival with the latency that is given for it. */
function playedOf(lesson: Lesson, latencyOf: (iteration: number) => number, more: Partial<Outcome> = {}): Played[] {
  return plan(lesson.profile, 1).map((arrival) => {
    const latencyMs = latencyOf(arrival.iteration)
    const part = partAt(lesson, arrival.atMs)
    const traceId = arrival.iteration.toString(16).padStart(32, '0')
    const times = { dueEpochMs: startMs + 1000 + arrival.atMs, latencyMs, startLagMs: 0.5, requestMs: latencyMs - 0.5 }
    return { ...(part && { part }), outcome: { arrival, ...times, status: 201, traceId, ...more } }
  })
}

const steady = named('02-steady')
/** One in fifty takes 900 ms. */
const sometimesSlow = (iteration: number) => (iteration % 50 === 49 ? 900 : 80)

test('a lesson is played faster and for longer in the same proportions', () => {
  const knee = adapted(named('05-knee'), { rate: 2, minutes: 1.6 })
  expect(knee.profile).toMatchObject({ ratePerSecond: 30, durationSeconds: 96 })
  expect(knee.parts.slice(0, 2)).toEqual([
    { name: '30/s', fromSeconds: 0, toSeconds: 6 },
    { name: '34/s', fromSeconds: 6, toSeconds: 12 },
  ])
  expect(knee.limits[0]).toEqual({ part: '30/s', ends: true })
  expect(Math.abs(countOf(knee.profile) - countOf(named('05-knee').profile))).toBeLessThan(2)
  expect(adapted(named('10-under-a-scenario'), { minutes: 1 })).toMatchObject({
    incident: { scenario: 'hot-product', fromSeconds: 15, toSeconds: 40 },
    parts: [{ toSeconds: 15 }, { fromSeconds: 17.5 }, { fromSeconds: 45, toSeconds: 60 }],
  })
  expect(adapted(steady, {})).toEqual(steady)
})

test.each([0.01, 0.25, 0.5, 1.37, 20])('at %d times the rate every step has a name of its own', (rate) => {
  const { parts, limits } = adapted(named('05-knee'), { rate })
  const names = parts.map(({ name }) => name)
  expect(new Set(names).size).toBe(16)
  expect(limits.map(({ part }) => part)).toEqual(names)
})

test('the knee is found between steps that are no whole numbers', () => {
  const quarter = adapted(named('05-knee'), { rate: 0.25 })
  expect(quarter.parts.slice(0, 3).map(({ name }) => name)).toEqual(['3.75/s', '4.25/s', '5/s'])
  const slowFrom425 = playedOf(quarter, () => 80).map((one) =>
    one.part === '4.25/s' ? { ...one, outcome: { ...one.outcome, latencyMs: 900 } } : one,
  )
  expect(findingsOf(runReport(quarter, factsOf(quarter), slowFrom425))).toEqual([
    'The knee is at 3.75/s: the objective holds there, and not at 4.25/s.',
  ])
})

test('at another rate there are as many more users who wait, and one at least', () => {
  const usersAt = (rate: number) => adapted(named('07-closed-and-open'), { rate }).closed?.users
  expect([0.1, 0.5, 1, 3].map(usersAt)).toEqual([1, 1, 2, 6])
})

test('parts, slots and cohorts cover what was played', () => {
  const lesson = named('10-under-a-scenario')
  const report = runReport(lesson, factsOf(lesson), playedOf(lesson, sometimesSlow))
  expect(report.whole).toMatchObject({ count: 2400, slow: 48, goodShare: 0.98 })
  expect(report.parts.map(({ name, fromSeconds, report: { count } }) => [name, fromSeconds, count])).toEqual([
    ['before', 0, 600],
    ['during', 35, 900],
    ['after', 90, 600],
  ])
  expect(report.overTime).toHaveLength(24)
  expect(report.overTime.reduce((sum, slot) => sum + slot.report.count, 0)).toBe(2400)
  const sizes = report.cohorts.filter(({ key }) => key === 'shop.cart_size')
  expect(sizes.reduce((sum, cohort) => sum + cohort.report.count, 0)).toBe(2400)
  expect(report.distribution.reduce((sum, bucket) => sum + bucket.count, 0)).toBe(2400)
  expect(report.slowest.every(({ latencyMs }) => latencyMs === 900)).toBe(true)
  expect(report.limits.map(({ isHeld }) => isHeld)).toEqual([true, false, false])
})

test('a visit whose cart failed is in no picture of how long it took', () => {
  const failed = playedOf(steady, () => 2000, { status: 500, failedStep: 'cart' })
  const report = runReport(steady, factsOf(steady), [...failed.slice(0, 10), ...playedOf(steady, () => 80).slice(10)])
  expect(report.distribution.map(({ count }) => count)).toEqual([1190])
  expect(report.slowest.every(({ latencyMs }) => latencyMs === 80)).toBe(true)
})

test('who was left out breaks a run: dropped by the driver, not begun by k6, or never told of', () => {
  const limitOf = (facts: Partial<RunFacts>, played: Played[]) =>
    runReport(steady, factsOf(steady, facts), played).limits[0]
  const all = playedOf(steady, () => 80)
  expect(limitOf({}, all)).toMatchObject({ says: 'nobody is left out: 0 of 1200 were', isHeld: true })
  const dropped = all.map((one, i) =>
    i < 3 ? { ...one, outcome: { ...one.outcome, status: 0, code: 'dropped' } } : one,
  )
  expect(limitOf({}, dropped)).toMatchObject({ says: 'nobody is left out: 3 of 1200 were', isHeld: false })
  expect(limitOf({ dropped: 2 }, all.slice(2))?.isHeld).toBe(false)
  expect(limitOf({}, all.slice(5))?.says).toBe('nobody is left out: 5 of 1200 were, of 5 of which nothing is known')
  expect(limitOf({ isPartial: true }, all.slice(5))).toMatchObject({ isHeld: true })
})

test('it says where the knee is', () => {
  const knee = named('05-knee')
  const fast = playedOf(knee, () => 80)
  const until = (rate: number) =>
    fast.map((one) =>
      Number.parseInt(one.part ?? '', 10) >= rate ? { ...one, outcome: { ...one.outcome, latencyMs: 900 } } : one,
    )
  const found = (played: Played[]) => findingsOf(runReport(knee, factsOf(knee), played))
  expect(found(until(26))).toEqual(['The knee is at 23/s: the objective holds there, and not at 26/s.'])
  expect(found(until(0))).toEqual(['The knee is below 15/s: the first step breaks the objective already.'])
  expect(found(until(1000))).toEqual(['The objective holds up to 122/s; no step of this run breaks it.'])
})

test('a step that was cut off or left somebody out does not hold', () => {
  const knee = named('05-knee')
  const found = (played: Played[], facts: Partial<RunFacts> = {}) =>
    findingsOf(runReport(knee, factsOf(knee, facts), played))
  const fast = playedOf(knee, () => 80)
  const untilIn35 = fast.slice(0, fast.findIndex(({ part }) => part === '35/s') + 40)
  expect(found(untilIn35, { isPartial: true })).toEqual([
    'The objective holds up to 30/s; the step after that was not played to its end.',
  ])
  expect(found(untilIn35, { dropped: 3 })).toEqual(found(untilIn35, { isPartial: true }))
  expect(found(fast.slice(0, 40), { isPartial: true })).toEqual([
    'The first step was not played to its end: this run does not say where the knee is.',
  ])
  const dropped = (one: Played) => ({ ...one, outcome: { ...one.outcome, status: 0, code: 'dropped' } })
  const first = fast.findIndex(({ part }) => part === '92/s')
  expect(found(fast.map((one, i) => (i === first ? dropped(one) : one)))).toEqual([
    'The knee is at 80/s: the objective holds there, and not at 92/s.',
  ])
})

test('it says how much of it users who wait have seen', () => {
  const lesson = named('07-closed-and-open')
  const waiting = playedOf(steady, () => 100).map((one) => ({ ...one, part: 'closed' }))
  const report = runReport(lesson, factsOf(lesson), [...waiting, ...playedOf(lesson, sometimesSlow)])
  expect(findingsOf(report)).toEqual([
    'p99 is 100 ms for users who wait for their answers (closed) and 900 ms for those who come anyway (open): 9.0×.',
  ])
  expect(textOf(report, traceUrl)).toContain('1,200 of 1,200 checkouts and 1,200 by users who wait')
})

test('it tells a player that is short of time from a shop that is slow with carts', () => {
  const slowWithCarts = playedOf(steady, () => 80).map((one, i) =>
    i < 20 ? { ...one, outcome: { ...one.outcome, startLagMs: 300, isUnprepared: true as const } } : one,
  )
  expect(findingsOf(runReport(steady, factsOf(steady), slowWithCarts))).toEqual([
    '20 carts were not ready in time: the shop was slow with them.',
  ])
  const late = playedOf(steady, () => 80, { startLagMs: 9 })
  expect(findingsOf(runReport(steady, factsOf(steady), late))).toEqual([
    'The driver was late itself: start lag p99 9.0 ms, above 5 ms. This machine is short of time.',
  ])
})

test('users who wait are never late, and do not hide that others were', () => {
  const lesson = named('07-closed-and-open')
  const closed = playedOf(lesson, () => 80, { startLagMs: 0 }).map((one) => ({ ...one, part: 'closed' }))
  const open = playedOf(lesson, () => 80, { startLagMs: 9 }).slice(0, 1)
  expect(runReport(lesson, factsOf(lesson), [...closed, ...open]).whole.startLagP99Ms).toBe(9)
})

test('the text has the numbers, the limits and a link for each of the slowest', () => {
  const report = runReport(steady, factsOf(steady, { notes: ['A note.'] }), playedOf(steady, sometimesSlow))
  const text = textOf(report, traceUrl)
  expect(text).toContain('02-steady: What does an ordinary minute look like?')
  expect(text).toContain('node, seed 1, plan 0123456789abcd · run a1b2c3d4, 2030-01-01 00:00:00 UTC')
  expect(text).toMatch(/^all +1,200 +80 ms +80 ms +900 ms +900 ms +2\.0 % +98\.0 % {3}–$/m)
  expect(text).toMatch(/^shop\.cart_size = small +\d+ /m)
  expect(text).toContain('A note.')
  expect(text).toContain('✗ 99.0 % of checkouts succeed within 500 ms: 98.0 %')
  expect(text).toContain('✓ nobody is left out: 0 of 1200 were')
  expect(text.match(/http:\/\/localhost:4318\/trace\/[0-9a-f]{32}/g)).toHaveLength(10)
  expect(text).toMatch(/1 of 2 limits broken\.$/)
})

test('the page has the same numbers and needs nothing from anywhere', () => {
  const lesson = named('10-under-a-scenario')
  const incident = { armedAtMs: startMs + 31_000, resetAtMs: startMs + 81_000 }
  const report = runReport(lesson, factsOf(lesson, { incident }), playedOf(lesson, sometimesSlow))
  const page = pageOf(report, { traceUrl })
  for (const told of ['2,400 of 2,400', '>900 ms<', '98.0 %', 'before', 'during', 'after', 'shop.cart_size', '>bulk<'])
    expect(page).toContain(told)
  expect(page.match(/<a href="http:\/\/localhost:4318\/trace\/[0-9a-f]{32}">/g)).toHaveLength(10)
  expect(page).not.toMatch(/<script|\ssrc=|@import|url\(|http-equiv/)
  expect(page.match(/<link [^>]*>/g)).toEqual(['<link rel="icon" href="data:,">'])
  expect(page).not.toMatch(/undefined|NaN|\[object/)
  expect(pageOf(report, { traceUrl, refreshSeconds: 5 })).toContain('<meta http-equiv="refresh" content="5">')
})

test('the page escapes what it is given', () => {
  const hostile = `<script>alert("x")</script>'&`
  const played = playedOf(steady, sometimesSlow).map(({ outcome }) => ({
    part: hostile,
    outcome: { ...outcome, status: 500, code: hostile, arrival: { persona: { cohort: { [hostile]: hostile } } } },
  }))
  const report = runReport({ ...steady, question: hostile }, factsOf(steady, { notes: [hostile] }), played)
  const page = pageOf(report, { traceUrl: (traceId) => `http://here/"><script>${traceId}` })
  expect(page).not.toContain('<script')
  expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&amp;')
})

test('a run to which nobody came has a text and a page as well', () => {
  const report = runReport(steady, factsOf(steady, { isPartial: true }), [])
  expect(textOf(report, traceUrl)).toMatch(/^all +0 +– +–/m)
  expect(pageOf(report, { traceUrl })).toContain('Nothing was answered.')
  expect(pageOf(report, { traceUrl })).not.toMatch(/undefined|NaN|Infinity/)
})

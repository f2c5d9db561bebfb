// What k6 prints when there is no workshop: its own numbers.
import { expect, test } from 'vitest'
import { droppedIn, ownText, playedIn, type SummaryData } from '../../loadtest/k6/own-numbers.ts'
import { type Lesson, lessons } from '../../loadtest/lessons.ts'

function lesson(id: string): Lesson {
  const found = lessons.find((each) => each.id === id)
  if (!found) throw new RangeError(id)
  return found
}

const rate = (passes: number, fails: number) => ({ values: { rate: passes / (passes + fails), passes, fails } })
const trend = (med: number, p99: number, count: number) => ({
  values: { med, 'p(95)': p99, 'p(99)': p99, max: p99, count },
})
const data = (metrics: SummaryData['metrics']): SummaryData => ({ metrics, state: { testRunDurationMs: 1 } })

test('says how many came, how long it took, and which limits held', () => {
  const steady = data({
    checkout_good: rate(1190, 10),
    checkout_duration: trend(61, 190, 1200),
    dropped_iterations: { values: { count: 0 } },
  })
  const text = ownText(lesson('02-steady'), steady, 1200)
  expect(text).toContain('02-steady: What does an ordinary minute look like?')
  expect(text).toContain('without a workshop there are no traces')
  expect(text).toMatch(/all +1,200 +61 ms +190 ms +190 ms +190 ms +99\.2 %/)
  expect(text).toContain('✓ nobody is left out: 0 of 1,200 were')
  expect(text).toContain('✓ checkout_good: 99.2 %')
})

test('says which limit broke and how many were left out', () => {
  const text = ownText(
    lesson('02-steady'),
    data({ checkout_good: rate(900, 100), dropped_iterations: { values: { count: 200 } } }),
    1200,
  )
  expect(text).toContain('✗ nobody is left out: 200 of 1,200 were')
  expect(text).toContain('✗ checkout_good: 90.0 %')
})

test('names the knee: the last step that kept the objective', () => {
  const text = ownText(
    lesson('05-knee'),
    data({
      checkout_good: rate(550, 20),
      'checkout_good{part:15/s}': rate(180, 0),
      'checkout_good{part:17/s}': rate(204, 0),
      'checkout_good{part:20/s}': rate(190, 50),
    }),
    10_000,
  )
  expect(text).toContain('The knee is at 17/s')
})

test('a step that was cut off does not hold', () => {
  const cutOff = data({
    checkout_good: rate(244, 0),
    'checkout_good{part:15/s}': rate(180, 0),
    'checkout_good{part:17/s}': rate(64, 0),
  })
  expect(ownText(lesson('05-knee'), cutOff, 10_000)).toContain('The objective holds up to 15/s; the step after that')
})

test('tells a shop that is slow with carts from a k6 that is short of time', () => {
  const text = ownText(
    lesson('02-steady'),
    data({
      checkout_good: rate(1200, 0),
      checkout_start_lag: trend(0, 3, 1180),
      checkout_unprepared: { values: { count: 20 } },
    }),
    1200,
  )
  expect(text).toContain('20 carts were not ready in time: the shop was slow with them.')
  expect(text).not.toContain('short of time')
})

test('puts closed and open side by side, and says that nothing was shipped', () => {
  const both = data({
    checkout_good: rate(3000, 60),
    'checkout_good{part:closed}': rate(1850, 10),
    'checkout_good{part:open}': rate(1150, 50),
    'checkout_duration{part:closed}': trend(60, 100, 1860),
    'checkout_duration{part:open}': trend(62, 900, 1200),
  })
  const text = ownText(lesson('07-closed-and-open'), both, 1200)
  expect(text).toMatch(/100 ms .*closed.*900 ms .*open.*9\.0×/)
  expect(text).toContain('Nor has anything been shipped meanwhile')
  expect(playedIn(both)).toBe(1200)
})

test('a run in which nothing was measured has no numbers, and breaks no limit', () => {
  expect(droppedIn(data({}))).toBe(0)
  expect(ownText(lesson('04-spike'), data({}), 825)).not.toContain('✗')
})

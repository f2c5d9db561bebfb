// What k6 is given for a lesson: executor blocks and thresholds, without k6.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { adapted } from '../../loadtest/adapted.ts'
import { dueMsOf } from '../../loadtest/arrival-times.ts'
import { aheadMsOf, constantArrivalRate, constantVus, rampingArrivalRate, usersFor } from '../../loadtest/k6/blocks.ts'
import { thresholdsOf } from '../../loadtest/k6/thresholds.ts'
import { type Lesson, lessons } from '../../loadtest/lessons.ts'

function lesson(id: string): Lesson {
  const found = lessons.find((each) => each.id === id)
  if (!found) throw new RangeError(id)
  return found
}

test('an even profile comes at a constant rate', () => {
  expect(constantArrivalRate(lesson('02-steady'))).toMatchObject({
    executor: 'constant-arrival-rate',
    rate: 20,
    timeUnit: '1s',
    duration: '60s',
  })
})

test('a changing profile comes along its stages', () => {
  expect(rampingArrivalRate(lesson('04-spike'))).toMatchObject({
    executor: 'ramping-arrival-rate',
    startRate: 10,
    timeUnit: '1s',
    stages: [
      { target: 10, duration: '20s' },
      { target: 40, duration: '0s' },
      { target: 40, duration: '5s' },
      { target: 10, duration: '0s' },
      { target: 10, duration: '35s' },
      // Later than planned, as k6 begins each a gap late.
      { target: 10, duration: '1s' },
    ],
  })
})

test('a rate that is no whole number is given for a thousand seconds', () => {
  const half = adapted(lesson('03-ramp'), { rate: 0.5 })
  expect(rampingArrivalRate(half)).toMatchObject({
    startRate: 2500,
    timeUnit: '1000s',
    stages: [{ target: 10_000 }, { target: 10_000 }],
  })
})

test('there are as many virtual users as come a second, times the seconds each stays at most', () => {
  expect(usersFor(lesson('01-smoke'))).toBe(6)
  expect(usersFor(lesson('02-steady'))).toBe(110)
  expect(constantArrivalRate(lesson('02-steady'))).toMatchObject({ preAllocatedVUs: 110 })
})

test('no lesson needs more virtual users than fit into its container, not at twice its rate either', () => {
  const { k6 } = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }).services
  // A user is about one MiB; the rest is for the program, what it measures, and the plan.
  const room = Number.parseInt(k6.mem_limit, 10) - 256
  for (const rate of [1, 2])
    for (const each of lessons) expect(usersFor(adapted(each, { rate })), each.id).toBeLessThanOrEqual(room)
})

test('an arrival of a changing rate is due no earlier than half a second after k6 begins it', () => {
  for (const { profile, id } of lessons.filter((each) => each.profile.stages !== undefined)) {
    // k6 begins iteration i of a ramp once i + 1 have come.
    for (const i of [0, 1, 100])
      expect(aheadMsOf(profile) + dueMsOf(profile, i) - dueMsOf(profile, i + 1), id).toBeGreaterThanOrEqual(499)
  }
})

test('closed users are as many as the lesson says', () => {
  expect(constantVus({ users: 2, seconds: 60 })).toMatchObject({ executor: 'constant-vus', vus: 2, duration: '60s' })
})

test('every lesson fails when somebody is left out, and only the knee stops for it', () => {
  for (const each of lessons) {
    const ends = { threshold: 'count==0', abortOnFail: true }
    expect(thresholdsOf(each).dropped_iterations, each.id).toEqual([each.id === '05-knee' ? ends : 'count==0'])
  }
})

test('the objective holds for everybody where the lesson says no more', () => {
  expect(thresholdsOf(lesson('02-steady'))).toEqual({
    dropped_iterations: ['count==0'],
    checkout_good: ['rate>=0.99'],
  })
})

test('limits on parts and cohorts are thresholds on tags, and parts without a limit are measured', () => {
  expect(thresholdsOf(lesson('04-spike'))).toMatchObject({
    'checkout_good{part:before}': ['rate>=0.99'],
    'checkout_good{part:burst}': [],
    'checkout_good{part:after}': ['rate>=0.99'],
    'checkout_duration{part:burst}': [],
  })
  expect(thresholdsOf(lesson('08-cohorts'))).toMatchObject({ 'checkout_good{cart_size:bulk}': ['rate>=0.99'] })
  expect(thresholdsOf(lesson('07-closed-and-open'))).toMatchObject({
    'checkout_duration{part:closed}': [],
    'checkout_duration{part:open}': [],
  })
})

test('a step of the knee ends the run, but not before it is over', () => {
  const thresholds = thresholdsOf(lesson('05-knee'))
  const first = thresholds['checkout_good{part:15/s}']?.[0]
  const second = thresholds['checkout_good{part:17/s}']?.[0]
  const delayOf = (threshold: typeof first) => Number.parseInt(Object(threshold).delayAbortEval, 10)
  expect(first).toMatchObject({ threshold: 'rate>=0.99', abortOnFail: true })
  expect(delayOf(first)).toBeGreaterThan(12)
  expect(delayOf(second) - delayOf(first)).toBe(12)
})

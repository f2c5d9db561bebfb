// The driver against a real server: open loop, honest latencies, nothing lost silently.
import { performance } from 'node:perf_hooks'
import { expect, test } from 'vitest'
import { play } from '../../loadtest/driver.ts'
import { type Arrival, endless } from '../../loadtest/plan.ts'
import { proof } from '../../loadtest/profiles.ts'
import { summarise } from '../../loadtest/report.ts'
import { eventually } from '../helpers/eventually.ts'
import { startFakeShop } from '../helpers/fake-shop.ts'
import { arrivalsAt, never, outcomesOf } from '../helpers/playing.ts'
import { watchStalls } from '../helpers/timing.ts'

test('starts 99 % of 150 checkouts at 50/s less than 5 ms late, as far as the machine lets it', async () => {
  const shop = await startFakeShop({ checkoutMs: 20 })
  const stalls = watchStalls()
  const report = summarise(await outcomesOf(arrivalsAt(50, 3), shop.url, { aheadMs: 300 }))
  stalls.stop()
  expect(report.succeeded).toBe(150)
  expect(report.ratePerSecond).toBeCloseTo(50, 1)
  expect(report.startLagP99Ms).toBeLessThan(stalls.allowed(5))
})

test('keeps the arrival rate when the shop stalls', async () => {
  const shop = await startFakeShop({ stalls: true })
  const outcomes = await outcomesOf(arrivalsAt(40, 0.5), shop.url, { aheadMs: 200, timeoutMs: 700 })
  const arrived = shop.seen('POST /api/checkout').map((request) => request.atMs)
  expect(arrived).toHaveLength(20)
  expect(Math.max(...arrived) - Math.min(...arrived)).toBeLessThan(1500)
  expect(outcomes.map(({ status, code }) => ({ status, code }))).toEqual(Array(20).fill({ status: 0, code: 'timeout' }))
  expect(Math.min(...outcomes.map((outcome) => outcome.latencyMs))).toBeGreaterThan(650)
})

test('reports arrivals beyond the limit as dropped', async () => {
  const shop = await startFakeShop({ stalls: true })
  const outcomes = await outcomesOf(arrivalsAt(40, 0.5), shop.url, { aheadMs: 100, timeoutMs: 700, maxInFlight: 10 })
  expect(summarise(outcomes).errors).toEqual({ timeout: 10, dropped: 10 })
})

test('gives every arrival an outcome with a code when the connection is refused', async () => {
  const outcomes = await outcomesOf(arrivalsAt(50, 0.2), new URL('http://127.0.0.1:9'), { aheadMs: 50 })
  const refused = { status: 0, code: 'ECONNREFUSED', failedStep: 'sign-in' }
  expect(outcomes).toEqual(Array(10).fill(expect.objectContaining(refused)))
  expect(summarise(outcomes).latencyMs).toBeUndefined()
})

test('starts nothing after the signal and lets those under way finish', async () => {
  const shop = await startFakeShop({ checkoutMs: 300 })
  const stop = new AbortController()
  const playing = outcomesOf(endless(proof, 7), shop.url, { aheadMs: 100 }, stop.signal)
  await eventually('five checkouts are sent', () =>
    expect(shop.seen('POST /api/checkout').length).toBeGreaterThanOrEqual(5),
  )
  const sent = shop.seen('POST /api/checkout').length
  stop.abort()
  const outcomes = await playing
  expect(shop.seen('POST /api/checkout').length).toBeLessThanOrEqual(sent + 3)
  expect(outcomes).toHaveLength(shop.seen('POST /api/checkout').length)
  expect(outcomes.every((outcome) => outcome.status === 201)).toBe(true)
})

test('cuts off what hangs when the time to finish is over', async () => {
  const shop = await startFakeShop({ stalls: true })
  const stop = new AbortController()
  const playing = outcomesOf(endless(proof, 7), shop.url, { aheadMs: 50, graceMs: 300 }, stop.signal)
  await eventually('a checkout hangs', () => expect(shop.seen('POST /api/checkout')).not.toEqual([]))
  const stoppedAtMs = performance.now()
  stop.abort()
  const outcomes = await playing
  expect(performance.now() - stoppedAtMs).toBeLessThan(2500)
  expect(outcomes.every((outcome) => outcome.code === 'aborted')).toBe(true)
})

test('a reader that leaves stops the play', async () => {
  const shop = await startFakeShop()
  for await (const _ of play(endless(proof, 7), shop.url, never(), { aheadMs: 20 })) break
  const sent = shop.requests.length
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(shop.requests.length).toBeLessThanOrEqual(sent + 4)
})

test('an arrival source that fails makes the play fail', async () => {
  const shop = await startFakeShop()
  function* broken(): Generator<Arrival> {
    yield* arrivalsAt(20, 0.05)
    throw new Error('no more visitors')
  }
  await expect(outcomesOf(broken(), shop.url, { aheadMs: 50 })).rejects.toThrow('no more visitors')
})

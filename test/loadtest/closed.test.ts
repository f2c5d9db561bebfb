// Users who come again as soon as they are answered.
import { expect, test } from 'vitest'
import { playClosed } from '../../loadtest/node/closed.ts'
import type { Outcome } from '../../loadtest/outcome.ts'
import { endless } from '../../loadtest/plan.ts'
import { proof } from '../../loadtest/profiles.ts'
import { startFakeShop } from '../helpers/fake-shop.ts'

async function outcomesOf(target: URL, seconds: number, signal = new AbortController().signal) {
  const outcomes: Outcome[] = []
  const options = { users: 2, seconds, arrivals: endless(proof, 7, 100), run: 'r', tokens: new Map<string, string>() }
  await playClosed(target, signal, { ...options, graceMs: 200 }, (outcome) => outcomes.push(outcome))
  return outcomes
}

test('never more are under way than there are users, and a slow shop is visited less', async () => {
  const slow = await outcomesOf((await startFakeShop({ checkoutMs: 300 })).url, 1)
  const fast = await outcomesOf((await startFakeShop({ checkoutMs: 30 })).url, 1)
  expect(slow.length).toBeLessThanOrEqual(8)
  expect(fast.length).toBeGreaterThan(slow.length * 2)
})

test('latency is the answer to the request alone, however long the cart took, and everyone comes once', async () => {
  const shop = await startFakeShop({ cartMs: 100, checkoutMs: 20 })
  const outcomes = await outcomesOf(shop.url, 0.6)
  for (const { latencyMs, requestMs, startLagMs, isUnprepared } of outcomes) {
    expect(isUnprepared).toBeUndefined()
    expect(latencyMs).toBe(requestMs)
    expect(startLagMs).toBe(0)
  }
  const [first] = outcomes.toSorted((a, b) => a.latencyMs - b.latencyMs)
  expect(first?.latencyMs).toBeLessThan(100)
  expect(new Set(outcomes.map(({ arrival }) => arrival.iteration)).size).toBe(outcomes.length)
  expect(Math.min(...outcomes.map(({ arrival }) => arrival.iteration))).toBe(100)
})

test('a shop that refuses is not asked thousands of times', async () => {
  const outcomes = await outcomesOf(new URL('http://127.0.0.1:9'), 0.5)
  expect(outcomes.length).toBeGreaterThan(2)
  expect(outcomes.length).toBeLessThanOrEqual(14)
  expect(outcomes.every(({ code }) => code === 'ECONNREFUSED')).toBe(true)
})

test('nor is one that has no room', async () => {
  const shop = await startFakeShop({ counter: { ms: 1, room: 0 } })
  const outcomes = await outcomesOf(shop.url, 0.5)
  expect(outcomes.length).toBeGreaterThan(2)
  expect(outcomes.length).toBeLessThanOrEqual(14)
  expect(outcomes.every(({ status }) => status === 503)).toBe(true)
})

test('after the signal nobody comes again, and who is not answered in time is cut off', async () => {
  const shop = await startFakeShop({ stalls: true })
  const outcomes = await outcomesOf(shop.url, 60, AbortSignal.timeout(300))
  expect(outcomes.map(({ code }) => code)).toEqual(['aborted', 'aborted'])
})

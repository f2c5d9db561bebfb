// The search for the knee, on shops whose knee is known: those that serve one after another, each customer equally long.
import { expect, test } from 'vitest'
import { findKnee } from '../../../infra/local/bench/find-knee.ts'
import { summarise } from '../../../loadtest/report.ts'
import { createRandom } from '../../../services/kit/random.ts'
import { slo } from '../../../services/kit/slo.ts'
import { startFakeShop } from '../../helpers/fake-shop.ts'
import { arrivalsAt, outcomesOf } from '../../helpers/playing.ts'

test.for([20, 37, 64, 150])('finds what a queue of %i/s can serve, to a few percent', async (capacity) => {
  const { heldAt = 0, brokenAt = 0 } = await findKnee(async (rate) => holds(capacity, rate))

  // In fifteen seconds a queue that is 3 % too fast has just reached the objective's 500 ms.
  expect(heldAt).toBeGreaterThan(capacity * 0.97)
  expect(heldAt).toBeLessThan(capacity * 1.04)
  expect(brokenAt / heldAt).toBeLessThanOrEqual(1.06)
})

test('finds the same knee within 15 % twice when the capacity changes by 4 % from trial to trial', async () => {
  const random = createRandom(3)
  const found = async () =>
    (await findKnee(async (rate) => holds(50 * (0.96 + 0.08 * random()), rate))).heldAt ?? Number.NaN
  for (let round = 0; round < 20; round++) {
    const [first, second] = [await found(), await found()]
    expect(Math.max(first, second) / Math.min(first, second)).toBeLessThanOrEqual(1.15)
  }
})

test('takes a rate that was broken once for a pause of the machine, and one that was broken twice for the knee', async () => {
  const asked: number[] = []
  const isFirst = (rate: number) => asked.filter((each) => each === rate).length === 1
  const { heldAt, trials } = await findKnee(async (rate) => {
    asked.push(rate)
    return rate <= 30 && !(rate === 12 && isFirst(rate))
  })

  expect(trials.slice(0, 3)).toEqual([
    { ratePerSecond: 12, isHeld: false },
    { ratePerSecond: 12, isHeld: true },
    { ratePerSecond: 15.6, isHeld: true },
  ])
  expect(heldAt).toBeGreaterThan(28)
  expect(heldAt).toBeLessThanOrEqual(30)
})

test('says so when no rate is held, and when every rate is', async () => {
  const none = await findKnee(async () => false)
  expect(none.heldAt).toBeUndefined()
  expect(none.trials).toHaveLength(2)

  const all = await findKnee(async () => true, { from: 100, factor: 2, atMost: 400 })
  expect(all).toMatchObject({ heldAt: 400, trials: [{}, {}, {}] })
  expect(all.brokenAt).toBeUndefined()
})

test('finds, over HTTP, the rate at which a shop with one counter is always busy', { timeout: 30_000 }, async () => {
  const seconds = 0.02
  const shop = await startFakeShop({ counter: { ms: seconds * 1000, room: 10 } })
  const search = { from: 30, factor: 1.5, precision: 1.25 }

  const { heldAt = 0 } = await findKnee(async (rate) => {
    const report = summarise(await outcomesOf(arrivalsAt(rate, 1.5), shop.url, { aheadMs: 200 }))
    return report.goodShare >= slo.objective
  }, search)

  // Little's law: rate × time is how many counters are busy, and there is one.
  expect(heldAt * seconds).toBeGreaterThan(0.75)
  expect(heldAt * seconds).toBeLessThan(1.2)
})

/** Whether 99 % of those who come evenly spaced for 15 s are served within 500 ms. */
function holds(capacityPerSecond: number, ratePerSecond: number): boolean {
  const count = Math.round(15 * ratePerSecond)
  let freeAt = 0
  let late = 0
  for (let n = 0; n < count; n++) {
    const at = n / ratePerSecond
    freeAt = Math.max(at, freeAt) + 1 / capacityPerSecond
    if (freeAt - at > slo.thresholdMs / 1000) late++
  }
  return late <= (1 - slo.objective) * count
}

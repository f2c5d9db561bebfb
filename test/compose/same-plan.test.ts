// The contract between the two players: of the same profile and seed k6 and Node send the same, at the same moments.
import { expect, test } from 'vitest'
import { adapted } from '../../loadtest/adapted.ts'
import { type Lesson, lessons } from '../../loadtest/lessons.ts'
import { plan, planHash } from '../../loadtest/plan.ts'
import { summarise } from '../../loadtest/report.ts'
import { quantile } from '../../services/lens/statistics.ts'
import { type FakeShop, startFakeShop } from '../helpers/fake-shop.ts'
import { outcomesOf } from '../helpers/playing.ts'
import { watchStalls } from '../helpers/timing.ts'
import { startWorkshop } from '../helpers/workshop.ts'
import { k6Alone } from './k6.ts'

const seed = 7
const quarter = 0.25
/** A quarter of a minute of each: evenly, and along a rate that changes. */
const played = ['02-steady', '04-spike'].map((id) => adapted(lessonOf(id), { minutes: quarter }))

function lessonOf(id: string): Lesson {
  const found = lessons.find((each) => each.id === id)
  if (!found) throw new RangeError(id)
  return found
}

test.for(played)('k6 and Node play the same $id', { timeout: 120_000 }, async (lesson) => {
  const arrivals = plan(lesson.profile, seed)
  const [seenByNode, seenByK6] = [await startFakeShop({ checkoutMs: 20 }), await startFakeShop({ checkoutMs: 20 })]
  const workshop = await startWorkshop()

  const stalls = watchStalls()
  const fromNode = summarise(await outcomesOf(arrivals, seenByNode.url, { aheadMs: 500 }))
  const env = { SEED: String(seed), MINUTES: String(quarter), WORKSHOP_URL: workshop.url, API_URL: seenByK6.url.origin }
  const { code, stdout, stderr } = await k6Alone(['run', '--quiet', `/loadtest/${lesson.id}.ts`], env)
  stalls.stop()
  expect(code, stdout + stderr).toBe(0)

  const { loads } = (await workshop.call('GET', '/api/loads')).body as { loads: { run: string }[] }
  const { body: fromK6 } = await workshop.call('GET', `/api/loads/${loads[0]?.run}`)
  expect(fromK6).toMatchObject({ planHash: planHash(arrivals), isPartial: false })
  expect(fromK6.whole).toMatchObject({ count: arrivals.length, succeeded: arrivals.length, errors: {} })

  expect(sentTo(seenByK6)).toEqual(sentTo(seenByNode))

  const lagOfK6 = (fromK6.whole as typeof fromNode).startLagP99Ms
  console.log(`${lesson.id}: start lag p99 ${lagOfK6} ms from k6, ${fromNode.startLagP99Ms?.toFixed(1)} ms from Node`)
  expect(fromNode.startLagP99Ms).toBeLessThan(stalls.allowed(5))
  // It counts whole milliseconds, and its container shares two cores with the stack.
  expect(lagOfK6).toBeLessThan(stalls.allowed(15))
  // The second request of a visit is sent when its plan says so, whatever came before it.
  const byNode = offsets(seenByNode)
  const apart = offsets(seenByK6).map((ms, i) => Math.abs(ms - (byNode[i] ?? Number.NaN)))
  // Single ones may be held up by whatever else the two cores do.
  expect(quantile(apart, 0.95)).toBeLessThan(stalls.allowed(100))
})

const routes = ['POST /api/session', 'POST /api/carts', 'POST /api/checkout']

/** What is the same whoever sends it: not run ids, tokens and cart ids, nor the order of requests that overlap. */
function sentTo(shop: FakeShop) {
  return routes.map((route) => ({
    route,
    sent: shop
      .seen(route)
      .map(({ headers, body }) => {
        const key = String(headers['idempotency-key'] ?? '').replace(/^.*-/, '')
        const persona = /shop\.persona=\w+/.exec(String(headers.baggage))?.[0]
        return JSON.stringify({ key, ...(route === routes[0] ? {} : { persona }), body: withoutCartId(body) })
      })
      .sort(),
  }))
}

const withoutCartId = (body: unknown) => (body instanceof Object && 'cartId' in body ? {} : body)

/** When each checkout came, after the first of them. */
function offsets(shop: FakeShop): number[] {
  const times = shop.seen('POST /api/checkout').map(({ atMs }) => atMs)
  return times.map((atMs) => atMs - Math.min(...times)).sort((a, b) => a - b)
}

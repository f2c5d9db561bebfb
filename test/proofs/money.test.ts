// Money is conserved, whatever is killed: orders under load while processes die and come back.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { goalKills, ordersUnderKills } from '../../infra/local/bench/kills.ts'
import { startTestLab, type TestLab } from '../helpers/lab.ts'

const orderCount = 1_000

let lab: TestLab

beforeAll(async () => {
  lab = await startTestLab({ without: ['workshop', 'observer'] })
})
afterAll(() => lab?.[Symbol.asyncDispose]())

test('1,000 orders under 20 kills and more: none is lost, none is charged twice, a key keeps its order', {
  timeout: 300_000,
}, async () => {
  const { finals, killed, forgotten, report } = await ordersUnderKills(lab, orderCount, () => {})

  expect(killed).toBeGreaterThanOrEqual(goalKills)
  expect(report.violations).toEqual([])
  expect(Object.values(report.inFlight).every((count) => count === 0)).toBe(true)
  expect(forgotten).toEqual([])
  expect(report.placed).toBe(orderCount)
  expect(report.cancelled).toBe(finals.length - orderCount)
})

// Whether k6 and the Node driver measured the same: said of pairs of runs whose numbers are known.
import { expect, test } from 'vitest'
import { type Run, rowsOf } from '../../../infra/local/bench/twin-rows.ts'
import type { Report } from '../../../loadtest/report.ts'

const usual: Report = {
  ...{ count: 900, ratePerSecond: 20, succeeded: 900, slow: 0, slowShare: 0, goodShare: 1, errors: {}, slowest: [] },
  ...{ latencyMs: { p50: 80, p95: 120, p99: 160, max: 300 }, startLagP99Ms: 2 },
}
const run = (report: Partial<Report> = {}, planHash = 'a1'): Run => ({ planHash, report: { ...usual, ...report } })
const judged = (k6: Run, node: Run) => rowsOf({ when: 'calm', k6, node }).map(({ isReached }) => isReached)

test('the same plan, in time, and times within a quarter of each other', () => {
  const rows = rowsOf({
    ...{ when: 'calm', k6: run(), node: run({ latencyMs: { p50: 99, p95: 1, p99: 130, max: 1 }, startLagP99Ms: 4.9 }) },
  })
  expect(rows.map(({ measured }) => measured)).toEqual([
    'same (900 and 900 checkouts), 2.0 and 4.9 ms',
    'p50 80 and 99 ms (× 1.24), p99 160 and 130 ms (× 1.23)',
  ])
  expect(rows.map(({ isReached }) => isReached)).toEqual([true, true])
})

test.for<[string, Run]>([
  ['another plan', run({}, 'b2')],
  ['fewer checkouts', run({ count: 899 })],
  ['a driver that is late', run({ startLagP99Ms: 5 })],
])('%s is not the same', ([, node]) => {
  expect(judged(run(), node)[0]).toBe(false)
  expect(judged(node, run())[0]).toBe(false)
})

test.for(['p50', 'p99'] as const)('%s more than a quarter apart is not the same, whichever is the slower', (name) => {
  const slower = run({ latencyMs: { p50: 80, p95: 120, p99: 160, max: 300, [name]: 210 } })
  expect(judged(run(), slower)[1]).toBe(false)
  expect(judged(slower, run())[1]).toBe(false)
})

test('nothing is said where one of them measured nothing', () => {
  const { latencyMs: _, startLagP99Ms: __, ...nothing } = usual
  const unanswered: Run = { planHash: 'a1', report: nothing }
  expect(judged(run(), unanswered)).toEqual([undefined, undefined])
  expect(judged({ ...unanswered, planHash: 'b2' }, run())[0]).toBe(false)
})

// How far the closed model and the open one are apart.
import { expect, test } from 'vitest'
import { rowOf } from '../../../infra/local/bench/closed-row.ts'
import type { Report } from '../../../loadtest/report.ts'

const report: Report = {
  ...{ count: 900, ratePerSecond: 20, succeeded: 900, slow: 0, slowShare: 0, goodShare: 1, errors: {}, slowest: [] },
}
const part = (name: string, p99?: number) => ({
  ...{ name, fromSeconds: 0, toSeconds: 60 },
  report: p99 === undefined ? report : { ...report, latencyMs: { p50: 80, p95: 100, p99, max: p99 } },
})
const row = (closed?: number, open?: number) =>
  rowOf({ lesson: '07-closed-and-open', parts: [part('closed', closed), part('open', open)] })

test('those who come see three times what those who wait see', () => {
  expect(row(200, 640)).toMatchObject({ measured: '200 ms and 640 ms (× 3.2)', isReached: true })
})

test('twice is not enough, and the other way round is none at all', () => {
  expect(row(200, 400).isReached).toBe(false)
  expect(row(640, 200).isReached).toBe(false)
})

test('nothing is said where one of them was never answered', () => {
  expect(row(200)).toMatchObject({ measured: 'not judged: one of them was never answered' })
  expect(row(200)).not.toHaveProperty('isReached')
  expect(rowOf({ lesson: '07', parts: [] })).not.toHaveProperty('isReached')
})

// Evidence about the telemetry itself: traces that are missing on purpose, lines that lead nowhere, a histogram that knows.
import { expect, test } from 'vitest'
import { metrics } from '../../services/kit/telemetry/names.ts'
import {
  type Evidence,
  histogramAgrees,
  loggedUntraced,
  type Observed,
  slowerSpan,
  undertraced,
} from '../../services/lens/evidence.ts'
import type { Bucket } from '../../services/lens/source.ts'
import { armedMix, calmMix, windowOf } from '../helpers/hot-product.ts'
import { logLine } from '../helpers/traces.ts'

const calm = windowOf(calmMix)
const armed = windowOf(armedMix)
const judge = (evidence: Evidence, now: Observed) => evidence.judge(now, calm)

/** Of the slow checkouts all but these first ones are not recorded; every one is logged. */
function sampled(kept: number): Observed {
  const slow = armed.samples.filter(({ latencyMs }) => latencyMs > 500)
  const lost = new Set(slow.slice(kept).map(({ traceId }) => traceId))
  return {
    ...armed,
    samples: armed.samples.map((sample) =>
      lost.has(sample.traceId) ? { ...sample, isUntraced: true as const } : sample,
    ),
    traces: new Map([...armed.traces].filter(([id]) => !lost.has(id))),
    logs: armed.samples.flatMap(({ traceId }) =>
      traceId === undefined ? [] : [logLine(1, 'order 7 placed', { traceId })],
    ),
  }
}

test('undertraced holds when the slow ones lack a trace and the fast ones have theirs', () => {
  const evidence = undertraced('', { atMostShare: 0.5 })
  expect(judge(evidence, sampled(7))).toEqual({
    state: 'held',
    measured: '7 of 28 slow checkouts have a trace (25 %, at most 50 % expected), 412 of 412 fast ones (100 %)',
  })
  expect(judge(evidence, armed).state).toBe('failed')
  expect(judge(evidence, calm).state).toBe('failed')
  expect(judge(evidence, { ...armed, traces: new Map() }).state).toBe('failed')
  expect(judge(evidence, { ...armed, samples: [] }).state).toBe('inconclusive')
})

test('loggedUntraced holds when those without a trace have a line, and fails when none lacks one', () => {
  const evidence = loggedUntraced('', { service: 'api', pattern: /order .* placed/, atLeastShare: 0.8 })
  expect(judge(evidence, sampled(7)).state).toBe('held')
  expect(judge(evidence, { ...sampled(7), logs: [] }).state).toBe('failed')
  expect(judge(evidence, { ...armed, logs: sampled(7).logs }).measured).toBe('0 of 28 slow checkouts lack a trace')
  expect(judge(evidence, calm).state).toBe('failed')
})

test('traces that were not recorded are not missed: what is left is judged', () => {
  const evidence = slowerSpan('', { service: 'inventory', kind: 'server', atLeastShare: 0.8 })
  expect(judge(evidence, sampled(10)).measured).toMatch(/^10 of 10 slow checkouts/)
  const lost = { ...sampled(10), samples: armed.samples }
  expect(judge(evidence, lost)).toMatchObject({
    state: 'inconclusive',
    measured: '10 of 28 slow checkouts have a stored trace',
  })
})

test('histogramAgrees compares the share of slow ones with what customers had', () => {
  const withHistogram = (slow: number, total: number): Observed => {
    const buckets: Bucket[] = [
      { upTo: 0.5, count: total - slow },
      { upTo: 0.75, count: slow - 1 },
      { upTo: Number.POSITIVE_INFINITY, count: 1 },
    ]
    const points = [{ atMs: 5_000, value: 0, count: total, buckets }]
    return { ...armed, series: [{ metric: metrics.checkoutDuration, labels: {}, points }] }
  }
  const evidence = histogramAgrees('', { within: 0.02 })
  expect(judge(evidence, withHistogram(30, 440)).state).toBe('held')
  expect(judge(evidence, withHistogram(10, 440))).toMatchObject({
    state: 'failed',
    measured: expect.stringMatching(/^the histogram has 10 of 440 .* customers had 28 of 440/),
  })
  expect(judge(evidence, armed).state).toBe('inconclusive')
})

import { expect, test } from 'vitest'
import { beforeLine, type Evidence, type Observed } from '../../services/lens/evidence.ts'
import { calmMix, windowOf } from '../helpers/hot-product.ts'
import { logLine } from '../helpers/traces.ts'

const judge = (evidence: Evidence, now: Observed) => evidence.judge(now, windowOf(calmMix))
const report = beforeLine('slow while the report is written', {
  service: 'inventory',
  pattern: /^report of/,
  beforeMs: 1_000,
})

/** 400 checkouts, one every 50 ms; those that begin in the last 400 ms before a line every 5 s are slow. */
function everyFiveSeconds(
  lineEveryMs = 5_000,
  { body = 'report of everything', service = 'inventory' } = {},
): Observed {
  const observed = windowOf({ ordinary: 350, waiting: 50 })
  const traceIds = [...observed.traces.keys()]
  const [slowIds, fastIds] = [traceIds.slice(0, 50), traceIds.slice(50)]
  const samples = Array.from({ length: 400 }, (_, i) => {
    const startMs = i * 50
    const isSlow = startMs % 5_000 >= 4_600
    const traceId = (isSlow ? slowIds : fastIds).pop() as string
    return { traceId, latencyMs: isSlow ? 800 : 90, status: 201, startMs, cohort: {} }
  })
  const times = Array.from({ length: Math.floor(20_000 / lineEveryMs) }, (_, i) => (i + 1) * lineEveryMs)
  return { ...observed, samples, logs: times.map((atMs) => logLine(atMs, body, { service })) }
}

test('beforeLine holds when the slow ones begin before such a line and the fast ones at any time', () => {
  expect(judge(report, everyFiveSeconds())).toEqual({
    state: 'held',
    measured:
      '32 of 32 slow checkouts began within 1000 ms before one of 4 lines (100 %, at least 80 % expected), 51 of 368 fast ones (14 %)',
  })
})

test('beforeLine fails for a line that is always there, for one at other times, and without one', () => {
  expect(judge(report, everyFiveSeconds(500)).state).toBe('failed')
  expect(judge(report, everyFiveSeconds(7_000)).state).toBe('failed')
  expect(judge(report, everyFiveSeconds(5_000, { body: 'a report of' })).measured).toContain('no line of inventory')
  expect(judge(report, everyFiveSeconds(5_000, { service: 'api' })).state).toBe('failed')
})

test('beforeLine fails when calm, and is inconclusive on few checkouts', () => {
  expect(judge(report, windowOf(calmMix)).state).toBe('failed')
  expect(judge(report, windowOf({ ordinary: 40, waiting: 40 })).state).toBe('inconclusive')
})

test('beforeLine pastes the lines', () => {
  expect(report.paste({ fromMs: 0, toMs: 1 })).toEqual([
    { language: 'LogQL', text: '{service_name="inventory"} |~ `^report of` | trace_id != ""' },
  ])
})

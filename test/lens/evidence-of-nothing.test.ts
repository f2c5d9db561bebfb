// Evidence that nothing is wrong, or that it was over: what controls and recoveries claim.
import { expect, test } from 'vitest'
import { healedByItself, type Observed, quietLogs, withinSlo } from '../../services/lens/evidence.ts'
import { armedMix, calmMix, windowOf } from '../helpers/hot-product.ts'
import { logLine } from '../helpers/traces.ts'

const calm = windowOf(calmMix)
const armed = windowOf(armedMix)

/** Checkouts due every 50 ms for 20 s; `slowAt` says which are slow, by the second. */
const spread = (slowAt: (second: number, i: number) => boolean): Observed => ({
  ...calm,
  samples: Array.from({ length: 400 }, (_, i) => ({
    ...{ latencyMs: slowAt(i / 20, i) ? 800 : 70, status: 201, startMs: i * 50, cohort: {} },
  })),
})

test('withinSlo holds up to the objective, fails beyond doubt, and is inconclusive in between', () => {
  const withSlow = (count: number) => spread((_, i) => i % 400 < count)
  const state = (now: Observed) => withinSlo('').judge(now, calm).state
  expect([0, 4, 5, 7, 8, 40].map((count) => state(withSlow(count)))).toEqual([
    ...['held', 'held', 'inconclusive', 'inconclusive', 'failed', 'failed'],
  ])
  expect(state({ ...calm, samples: calm.samples.slice(0, 99) })).toBe('inconclusive')
  expect(withinSlo('').judge(armed, calm)).toEqual({
    state: 'failed',
    measured: '28 of 440 over 500 ms (6.4 %, 95 % interval 4.4 % to 9.0 %; at most 1.0 % expected)',
  })
})

test('withinSlo with a median to keep fails when everything takes longer, however far from the threshold', () => {
  const slower = { ...calm, samples: calm.samples.map((sample) => ({ ...sample, latencyMs: sample.latencyMs * 1.4 })) }
  expect(withinSlo('').judge(slower, calm).state).toBe('held')
  const { state, measured } = withinSlo('', { medianRatioAtMost: 1.25 }).judge(slower, calm)
  expect(state).toBe('failed')
  expect(measured).toMatch(/1\.40× calm \(at most 1\.25× expected\)$/)
})

test('withinSlo looks only at what was due from a second on', () => {
  const early = spread((second) => second < 2)
  expect(withinSlo('').judge(early, calm).state).toBe('failed')
  expect(withinSlo('', { fromSecond: 2 }).judge(early, calm).state).toBe('held')
})

test('healedByItself holds only for slow checkouts that came first and none after them', () => {
  const evidence = healedByItself('', { withinSeconds: 5 })
  const state = (now: Observed) => evidence.judge(now, calm).state
  expect(state(spread((second, i) => second < 4 && i % 3 === 0))).toBe('held')
  expect(state(spread((_, i) => i % 12 === 0))).toBe('failed')
  expect(state(spread(() => false))).toBe('failed')
  expect(state(spread((second) => second > 15))).toBe('failed')
  expect(state(spread((second) => second < 0.1))).toBe('failed')
  expect(state({ ...calm, samples: [] })).toBe('inconclusive')
})

test('quietLogs counts warnings and errors of all services per checkout', () => {
  const withLines = (count: number, severity: string): Observed => ({
    ...calm,
    logs: Array.from({ length: count }, (_, i) => logLine(i, 'x', { severity, service: i % 2 ? 'api' : 'postgres' })),
  })
  const evidence = quietLogs('', { timesAtMost: 2 })
  expect(evidence.needs).toEqual({ logs: [{}] })
  expect(evidence.judge(withLines(25, 'warn'), withLines(10, 'error')).state).toBe('held')
  expect(evidence.judge(withLines(500, 'info'), withLines(0, 'warn')).state).toBe('held')
  expect(evidence.judge(withLines(26, 'error'), withLines(10, 'warn')).state).toBe('failed')
  expect(evidence.judge({ ...withLines(6, 'warn'), samples: [] }, calm).state).toBe('inconclusive')
  // Twice as many checkouts may have twice as many complaints.
  const twice = { ...withLines(50, 'warn'), samples: [...calm.samples, ...calm.samples] }
  expect(evidence.judge(twice, withLines(12, 'warn')).state).toBe('held')
})

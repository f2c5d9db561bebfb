import { expect, test } from 'vitest'
import { spans } from '../../services/kit/telemetry/names.ts'
import { type Evidence, found, type Observed } from '../../services/lens/evidence.ts'
import { calmMix, windowOf } from '../helpers/hot-product.ts'
import { client, server, trace, traceIdOf } from '../helpers/traces.ts'

const calm = windowOf(calmMix)
const judge = (evidence: Evidence, now: Observed) => evidence.judge(now, calm)

/** A call that was ended after 200 ms; the server heard of that, its own call to the ERP went on for another 70 ms. */
const inVain = (atMs: number) =>
  client(
    'inventory',
    'POST',
    atMs,
    atMs + 200,
    [server('pricing', 'POST /quotes', atMs + 2, atMs + 200, [client('pricing', 'POST', atMs + 4, atMs + 270)])],
    { status: 'error' },
  )

/** 200 quick checkouts, and 20 slow ones that ask so often in vain; so many of the quick ones do it as well. */
function impatient(timesInVain: number, { quickOnes = 0 } = {}): Observed {
  const observed = windowOf({ ordinary: 200 })
  const traces = Array.from({ length: 20 + quickOnes }, (_, i) => {
    const attempts = Array.from({ length: timesInVain }, (_, attempt) => inVain(10 + attempt * 201))
    const atMs = 10 + timesInVain * 201
    const last = client('inventory', 'POST', atMs, atMs + 260, [
      server('pricing', 'POST /quotes', atMs + 1, atMs + 259),
    ])
    return trace(server('api', spans.checkout, 0, 800, [...attempts, last]), traceIdOf(7000 + i))
  })
  const samples = traces.map(({ traceId }, i) => {
    return { traceId, latencyMs: i < 20 ? 800 : 90, status: 201, startMs: 0, cohort: {} }
  })
  return {
    ...observed,
    samples: [...observed.samples, ...samples],
    traces: new Map([...observed.traces, ...traces.map((one) => [one.traceId, one] as const)]),
  }
}

const retried = found('asked again', {
  kind: 'retry',
  about: { service: 'inventory', kind: 'client' },
  atLeastSpans: 3,
})
const wasted = found('worked on for nobody', { kind: 'outlives-parent', about: { service: 'pricing', kind: 'client' } })

test('found holds when slow checkouts have the finding and fast ones do not', () => {
  expect(judge(retried, impatient(2))).toEqual({
    state: 'held',
    measured:
      'retry of inventory client with 3 spans in 20 of 20 slow checkouts (100 %, at least 80 % expected) and in 0 of 200 fast ones (0.0 %)',
  })
  expect(judge(wasted, impatient(1)).state).toBe('held')
})

test('found fails for too few attempts, for other spans, and for findings that fast checkouts have too', () => {
  expect(judge(retried, impatient(1)).state).toBe('failed')
  expect(judge(retried, impatient(0)).state).toBe('failed')
  expect(judge(wasted, impatient(0)).state).toBe('failed')
  expect(judge(found('', { kind: 'retry', about: { service: 'payment' } }), impatient(2)).state).toBe('failed')
  expect(judge(found('', { kind: 'pool-wait', about: { service: 'inventory' } }), impatient(2)).state).toBe('failed')
  expect(judge(retried, impatient(2, { quickOnes: 250 })).state).toBe('failed')
  expect(judge(retried, impatient(2, { quickOnes: 10 })).state).toBe('held')
})

test('found fails when calm, and is inconclusive on few checkouts', () => {
  expect(judge(retried, calm).state).toBe('failed')
  expect(judge(retried, windowOf({ ordinary: 20, waiting: 20 })).state).toBe('inconclusive')
})

test('found pastes failed calls below slow checkouts, and all of them where none of them failed', () => {
  const texts = (evidence: Evidence) => evidence.paste({ fromMs: 0, toMs: 1 }).map(({ text }) => text)
  expect(texts(retried)[0]).toMatch(/>> \{ resource.service.name = "inventory" && kind = client && status = error \}$/)
  expect(texts(wasted)[0]).toMatch(/>> \{ resource.service.name = "pricing" && kind = client \}$/)
})

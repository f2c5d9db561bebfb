// Evidence about a call that was refused and made again: it is the pause that counts.
import { expect, test } from 'vitest'
import { spans } from '../../services/kit/telemetry/names.ts'
import { askedAgain, type Observed } from '../../services/lens/evidence.ts'
import { client, server, trace, traceIdOf } from '../helpers/traces.ts'

type Call = { status: number; fromMs: number; toMs: number }

/** 200 checkouts, of which one in 20 asks the bank as `slow` says, the others once and at once. */
function windowOf(slow: Call[]): Observed {
  const quick = [{ status: 200, fromMs: 30, toMs: 70 }]
  const made = Array.from({ length: 200 }, (_, i) => checkout(i + 1, i % 20 === 0 ? slow : quick))
  return {
    window: { fromMs: 0, toMs: 10_000 },
    samples: made.map(({ sample }) => sample),
    traces: new Map(made.map(({ trace: of }) => [of.traceId, of])),
    logs: [],
    series: [],
  }
}

function checkout(id: number, calls: Call[]) {
  const endMs = Math.max(...calls.map(({ toMs }) => toMs)) + 5
  const asked = calls.map(({ status, fromMs, toMs }) =>
    client('payment', 'POST', fromMs, toMs, [], { attributes: { 'http.response.status_code': status } }),
  )
  const authorise = server('payment', 'POST /authorisations', 26, endMs, asked)
  const root = server('api', spans.checkout, 0, endMs + 10, [client('api', 'POST', 24, endMs + 2, [authorise])])
  const sample = { traceId: traceIdOf(id), latencyMs: endMs + 11, status: 201, startMs: id, cohort: {} }
  return { sample, trace: trace(root, traceIdOf(id)) }
}

const evidence = askedAgain('refused, then accepted', {
  service: 'payment',
  name: 'POST',
  status: 429,
  atLeastShare: 0.8,
})
const calm = windowOf([{ status: 200, fromMs: 30, toMs: 70 }])
const judge = (...slow: Call[]) => evidence.judge(windowOf(slow), calm)

test('holds when a call was refused, and most of the time passed before it was made again', () => {
  expect(judge({ status: 429, fromMs: 30, toMs: 35 }, { status: 200, fromMs: 1_035, toMs: 1_075 })).toEqual({
    state: 'held',
    measured:
      '10 of 10 slow checkouts were told 429 and spent most of their time until they asked again, median 1000 ms (100 %, at least 80 % expected)',
  })
})

test('adds up the pauses of one that was refused more than once', () => {
  const verdict = judge(
    { status: 429, fromMs: 30, toMs: 35 },
    { status: 429, fromMs: 535, toMs: 540 },
    { status: 200, fromMs: 1_040, toMs: 1_080 },
  )
  expect(verdict.measured).toContain('median 1000 ms')
})

test('fails when the call itself took the time, was refused otherwise, or never accepted; and when calm', () => {
  expect(judge({ status: 429, fromMs: 30, toMs: 800 }, { status: 200, fromMs: 820, toMs: 860 }).state).toBe('failed')
  expect(judge({ status: 503, fromMs: 30, toMs: 35 }, { status: 200, fromMs: 1_035, toMs: 1_075 }).state).toBe('failed')
  expect(judge({ status: 429, fromMs: 30, toMs: 35 }, { status: 429, fromMs: 1_035, toMs: 1_075 }).state).toBe('failed')
  expect(judge({ status: 200, fromMs: 30, toMs: 900 }).state).toBe('failed')
  expect(evidence.judge(calm, calm).state).toBe('failed')
})

test('pastes as the refused calls below slow checkouts', () => {
  expect(evidence.paste({ fromMs: 0, toMs: 10_000 })[0]?.text).toMatch(
    / >> \{ resource.service.name = "payment" && name = "POST" && kind = client && span.http.response.status_code = 429 \}$/,
  )
})

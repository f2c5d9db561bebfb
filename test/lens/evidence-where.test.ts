// Evidence that says where: which instance, which connection, the span itself; and what was as ever.
import { describe, expect, test } from 'vitest'
import { attributes, metrics, spans } from '../../services/kit/telemetry/names.ts'
import {
  type Evidence,
  logLift,
  type Observed,
  ownTime,
  type Sample,
  shared,
  standsOut,
  steadyMean,
  steadySelfTime,
} from '../../services/lens/evidence.ts'
import type { Point, Series } from '../../services/lens/source.ts'
import type { Trace } from '../../services/lens/trace.ts'
import { client, logLine, server, trace, traceIdOf } from '../helpers/traces.ts'

const window = { fromMs: 0, toMs: 20_000 }
const judge = (evidence: Evidence, now: Observed) => evidence.judge(now, calm)

/** One checkout in `every` waits inside payment-2 for 600 ms, or for the bank; the others come through either instance. */
function windowOf({
  waits = 'nowhere',
  bankMs = 40,
}: {
  waits?: 'inside' | 'at the bank' | 'nowhere'
  bankMs?: number
}) {
  const made = Array.from({ length: 200 }, (_, i) => {
    const isSlow = waits !== 'nowhere' && i % 20 === 1
    return checkout(i + 1, {
      instance: i % 2 === 0 ? 'payment-1' : 'payment-2',
      insideMs: isSlow && waits === 'inside' ? 600 : 4,
      bankMs: isSlow && waits === 'at the bank' ? bankMs + 600 : bankMs,
      port: isSlow ? 41_001 : 41_002 + (i % 12),
    })
  })
  const observed: Observed = {
    window,
    samples: made.map(({ sample }) => sample),
    traces: new Map(made.map(({ trace: of }) => [of.traceId, of])),
    logs: [],
    series: [],
  }
  return observed
}

type Story = { instance: string; insideMs: number; bankMs: number; port: number }

function checkout(id: number, { instance, insideMs, bankMs, port }: Story): { sample: Sample; trace: Trace } {
  const bankAtMs = 30 + insideMs
  const endMs = bankAtMs + bankMs + 2
  const made = trace(
    server('api', spans.checkout, 0, endMs + 10, [
      client('api', 'POST', 24, endMs + 4, [
        server(
          'payment',
          'POST /authorisations',
          26,
          endMs,
          [
            client('payment', 'POST', bankAtMs, bankAtMs + bankMs, [], {
              attributes: { [attributes.localPort]: port, 'network.peer.port': 8093 },
            }),
          ],
          { instance },
        ),
      ]),
    ]),
    traceIdOf(id),
  )
  return { sample: { traceId: made.traceId, latencyMs: endMs + 11, status: 201, startMs: id, cohort: {} }, trace: made }
}

const calm = windowOf({})
const inside = windowOf({ waits: 'inside' })
const atBank = windowOf({ waits: 'at the bank' })
const payment = { service: 'payment', name: 'POST /authorisations', kind: 'server', atLeastShare: 0.8 } as const

test('ownTime holds when the span itself takes the time, and fails when one below it does, or nothing', () => {
  const evidence = ownTime('payment waits', payment)

  expect(judge(evidence, inside)).toEqual({
    state: 'held',
    measured:
      '10 of 10 slow checkouts spend most in payment POST /authorisations itself, median 606 ms (100 %, at least 80 % expected)',
  })
  expect(judge(evidence, atBank)).toMatchObject({
    state: 'failed',
    measured: expect.stringMatching(/the others mostly in payment POST$/),
  })
  expect(judge(evidence, calm).state).toBe('failed')
})

describe('shared', () => {
  const instance = { key: 'payment:instance', value: 'payment-2', atLeastShare: 0.9 }

  test('of two instances holds where half of the fast ones may have it too', () => {
    expect(judge(shared('', { ...instance, fastAtMost: 0.55 }), inside)).toEqual({
      state: 'held',
      measured:
        'payment:instance = payment-2 in 10 of 10 slow checkouts (100 %, at least 90 % expected) and in 90 of 190 fast ones (47 %)',
    })
    expect(judge(shared('', { ...instance, fastAtMost: 0.4 }), inside).state).toBe('failed')
    expect(judge(shared('', { ...instance, value: 'payment-1', fastAtMost: 0.55 }), inside).state).toBe('failed')
    expect(judge(shared('', { ...instance, fastAtMost: 0.55 }), calm).state).toBe('failed')
  })

  test('of a connection names the port, which is a name and not a number', () => {
    const evidence = shared('', { key: `payment:POST:${attributes.localPort}`, atLeastShare: 0.8 })

    expect(judge(evidence, atBank).measured).toMatch(/^payment:POST:network.local.port = 41001 in 10 of 10 slow/)
    expect(judge(evidence, atBank).state).toBe('held')
    expect(judge(evidence, calm).state).toBe('failed')
  })
})

describe('steadySelfTime', () => {
  test('does not clear a service that holds up one in twenty', () => {
    const alibi = steadySelfTime('', { service: 'payment', ratioAtMost: 1.5 })
    expect(judge(alibi, windowOf({ waits: 'at the bank' })).state).toBe('held')
    expect(judge(alibi, inside).state).toBe('failed')
  })

  const bank = { service: 'payment', kind: 'client', name: 'POST', ratioAtMost: 1.5 } as const

  test('looks at spans of another kind when told to', () => {
    expect(judge(steadySelfTime('', bank), inside)).toMatchObject({
      state: 'held',
      measured: expect.stringContaining('40 ms in 10 spans of slow checkouts, 40 ms when calm'),
    })
    expect(judge(steadySelfTime('', bank), windowOf({ bankMs: 70 })).state).toBe('failed')
  })
})

/** The points of one instance, each second `counts` observations of `meanMs`. */
function durations(instance: string, meanMs: number, counts = 10): Series {
  const points = Array.from({ length: 20 }, (_, second): Point => {
    const value = meanMs / 1000
    return { atMs: second * 1000, value, count: counts, sum: value * counts, buckets: [] }
  })
  return {
    metric: metrics.httpServerDuration,
    labels: { 'service.name': 'payment', [attributes.instance]: instance },
    points,
  }
}

const withSeries = (...series: Series[]): Observed => ({ ...calm, series })
const bothCalm = withSeries(durations('payment-1', 50), durations('payment-2', 52))
const oneOut = withSeries(durations('payment-1', 50), durations('payment-2', 130))

describe('standsOut', () => {
  const evidence = standsOut('one takes longer', {
    metric: metrics.httpServerDuration,
    labels: { 'service.name': 'payment' },
    by: attributes.instance,
    value: 'payment-2',
    ratioAtLeast: 1.6,
  })

  test('holds when one instance is far above the other, and was not when calm', () => {
    expect(evidence.judge(oneOut, bothCalm)).toEqual({
      state: 'held',
      measured:
        'mean http.server.request.duration: payment-1 50 ms, payment-2 130 ms; payment-2 has 2.6× the highest other (at least 1.6× expected), 1.0× when calm',
    })
  })

  test('fails when calm, when all are slower, when it is the other one, and when it always was so', () => {
    const all = withSeries(durations('payment-1', 130), durations('payment-2', 130))
    const other = withSeries(durations('payment-1', 130), durations('payment-2', 50))
    expect(evidence.judge(bothCalm, bothCalm).state).toBe('failed')
    expect(evidence.judge(all, bothCalm).state).toBe('failed')
    expect(evidence.judge(other, bothCalm).state).toBe('failed')
    expect(evidence.judge(oneOut, oneOut).measured).toMatch(/no different from calm$/)
  })

  test('weighs what was counted, not the points: one slow call among hundreds is no bad instance', () => {
    const busy = durations('payment-2', 50, 300)
    const idle = { ...durations('payment-2', 3_000, 1), labels: { ...busy.labels, 'http.response.status_code': '500' } }
    expect(evidence.judge(withSeries(durations('payment-1', 50), busy, idle), bothCalm).state).toBe('failed')
  })

  test('is inconclusive without the other one, without points, or outside of the window', () => {
    expect(evidence.judge(withSeries(durations('payment-2', 130)), bothCalm).state).toBe('inconclusive')
    expect(evidence.judge(oneOut, withSeries()).state).toBe('inconclusive')
    expect(evidence.judge({ ...oneOut, window: { fromMs: 90_000, toMs: 99_000 } }, bothCalm).state).toBe('inconclusive')
  })

  test('pastes as a mean for each of them', () => {
    expect(evidence.paste(window)).toEqual([
      {
        language: 'PromQL',
        text: 'sum by (service_instance_id) (rate(http_server_request_duration_seconds_sum{service_name="payment"}[1m])) / sum by (service_instance_id) (rate(http_server_request_duration_seconds_count{service_name="payment"}[1m]))',
      },
    ])
  })
})

test('steadyMean holds as long as the mean is what it was, fails beyond its ratio, and needs points', () => {
  const evidence = steadyMean('as ever', { metric: metrics.httpServerDuration, labels: {}, ratioAtMost: 1.3 })

  expect(evidence.judge(bothCalm, bothCalm)).toEqual({
    state: 'held',
    measured: 'mean http.server.request.duration 51 ms, 51 ms when calm (at most 1.3× expected)',
  })
  expect(evidence.judge(oneOut, bothCalm).state).toBe('failed')
  expect(evidence.judge(withSeries(), bothCalm).state).toBe('inconclusive')
})

describe('logLift with a bound on a number', () => {
  const said = (ownMs: number): Observed => ({
    ...atBank,
    logs: atBank.samples
      .filter(({ latencyMs }) => latencyMs > 500)
      .map(({ traceId = '' }) =>
        logLine(1, 'answer of the bank came late', {
          service: 'payment',
          traceId,
          attributes: { [attributes.bankOwnMs]: ownMs },
        }),
      ),
  })
  const quick = logLift('', { service: 'payment', pattern: /late/, with: { [attributes.bankOwnMs]: { atMost: 150 } } })
  const slow = logLift('', { service: 'payment', pattern: /late/, with: { [attributes.bankOwnMs]: { atLeast: 400 } } })

  test('takes only the lines within it', () => {
    expect([quick, slow].map((evidence) => judge(evidence, said(40)).state)).toEqual(['held', 'failed'])
    expect([quick, slow].map((evidence) => judge(evidence, said(700)).state)).toEqual(['failed', 'held'])
  })

  test('pastes as a comparison', () => {
    expect([quick, slow].map((evidence) => evidence.paste(window)[0]?.text)).toEqual([
      '{service_name="payment"} |~ `late` | shop_bank_own_ms<=150 | trace_id != ""',
      '{service_name="payment"} |~ `late` | shop_bank_own_ms>=400 | trace_id != ""',
    ])
  })
})

test('an instance pastes as what it is: a fact about the process', () => {
  expect(shared('', { key: 'payment:instance', value: 'payment-2', atLeastShare: 1 }).paste(window)[0]?.text).toMatch(
    / && \{ resource.service.name = "payment" && resource.service.instance.id = "payment-2" \}$/,
  )
})

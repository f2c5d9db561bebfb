// The report, over hand-made windows: a hundred and more checkouts, of which some are slow in one way or another.
import { describe, expect, test } from 'vitest'
import { attributes, events, metrics, spans } from '../../services/kit/telemetry/names.ts'
import { palette } from '../../services/lens/text.ts'
import { whyText } from '../../services/lens/why/text.ts'
import { why } from '../../services/lens/why/why.ts'
import { client, logLine, server, span } from '../helpers/traces.ts'
import {
  type Also,
  askingPricing,
  fastCount,
  instanceOf,
  inventoryCall,
  type Maker,
  paymentCall,
  portOf,
  slowBank,
  toBank,
  toPricing,
  windowWith,
} from '../helpers/why-windows.ts'

/** A question to pricing whose cache had nothing. */
const missed = (fromMs: number, toMs: number) =>
  client('inventory', 'POST', fromMs, toMs, [
    server('pricing', 'POST /quotes', fromMs + 1, toMs - 1, [], {
      events: [{ name: events.cacheMiss, atMs: fromMs, attributes: {} }],
    }),
  ])

const ways: [mechanism: string, component: string, Maker, Also?][] = [
  ['slow-answer', 'bank', slowBank],
  [
    'bad-connection',
    'network',
    (n) => ({
      ms: 640,
      calls: [paymentCall(630, [toBank(10, 620, { [attributes.localPort]: 40_000 })], instanceOf(n))],
    }),
  ],
  [
    'bad-instance',
    'payment',
    () => ({ ms: 800, calls: [paymentCall(790, [toBank(750, 780, portOf(1))], 'payment-2')] }),
  ],
  [
    'refused-then-asked-again',
    'bank',
    (n) => ({
      ms: 1_100,
      calls: [
        paymentCall(
          1_090,
          [
            toBank(10, 20, { 'http.response.status_code': 429, ...portOf(n) }, 'error'),
            toBank(1_020, 1_050, portOf(n)),
          ],
          instanceOf(n),
        ),
      ],
    }),
  ],
  [
    'retries',
    'inventory',
    () => ({
      ms: 720,
      calls: [
        inventoryCall(5, 710, [
          toPricing(10, 210, 11, 'error'),
          toPricing(215, 415, 216, 'error'),
          toPricing(420, 700),
        ]),
      ],
    }),
    { fast: askingPricing },
  ],
  [
    'cache-stampede',
    'pricing',
    () => ({
      ms: 620,
      calls: [
        inventoryCall(5, 610, [
          client('inventory', 'POST', 10, 600, [
            server(
              'pricing',
              'POST /quotes',
              11,
              599,
              [client('pricing', 'GET', 15, 590, [], { attributes: { [attributes.peerService]: 'erp' } })],
              { events: [{ name: events.cacheMiss, atMs: 12, attributes: {} }] },
            ),
          ]),
        ]),
      ],
    }),
    { fast: askingPricing },
  ],
  [
    'one-by-one',
    'inventory',
    () => ({
      ms: 700,
      calls: [
        inventoryCall(
          5,
          690,
          Array.from({ length: 16 }, (_, i) => toPricing(10 + i * 42, 50 + i * 42)),
        ),
      ],
    }),
    { fast: askingPricing },
  ],
  [
    'one-by-one',
    'inventory',
    () => ({
      ms: 700,
      calls: [
        inventoryCall(
          5,
          690,
          Array.from({ length: 6 }, (_, i) => missed(10 + i * 110, 110 + i * 110)),
        ),
      ],
    }),
    { fast: askingPricing },
  ],
  [
    'pool-exhausted',
    'inventory',
    () => ({ ms: 700, calls: [inventoryCall(5, 690, [span('inventory', spans.poolConnect, 10, 660)])] }),
    { fast: askingPricing },
  ],
  [
    'row-lock',
    'inventory',
    () => ({
      ms: 700,
      calls: [
        inventoryCall(5, 690, [
          client('inventory', 'pg.query:SELECT shop', 10, 660, [], { attributes: { 'db.system.name': 'postgresql' } }),
        ]),
      ],
    }),
    {
      fast: askingPricing,
      logs: (traceId) => [
        logLine(0, 'session 7 has waited 600 ms for tuple', {
          ...{ service: 'postgres', traceId },
          attributes: { [attributes.blockedByPid]: 12 },
        }),
      ],
    },
  ],
  [
    'event-loop',
    'pricing',
    () => ({ ms: 700, calls: [inventoryCall(5, 690, [toPricing(10, 660, 640)])] }),
    { fast: askingPricing },
  ],
  [
    'untraced-queue',
    'inventory',
    () => ({ ms: 700, calls: [inventoryCall(5, 690, [span('inventory', spans.priceCart, 10, 660)])] }),
    {
      fast: () => ({ ms: 60, calls: [inventoryCall(5, 50, [span('inventory', spans.priceCart, 10, 20)])] }),
      series: [
        {
          metric: metrics.httpServerDuration,
          labels: { 'service.name': 'pricing' },
          points: [{ atMs: 10_000, value: 0.02, count: 150 }],
        },
      ],
    },
  ],
  [
    'own-work',
    'payment',
    (n) => ({ ms: 800, calls: [paymentCall(790, [toBank(750, 780, portOf(n))], instanceOf(n))] }),
  ],
]

describe('the first hypothesis', () => {
  test.each(ways)('is %s of %s', (mechanism, component, slow, also) => {
    const report = why(windowWith(slow, also))
    expect(report.conclusion).toBe('explained')
    expect(report.hypotheses[0]).toMatchObject({ mechanism, component, share: 1 })
    expect(report.hypotheses[0]?.supporting[0]).toMatch(/^12 of 12 slow checkouts spend most of what is too much in /)
    expect(report.hypotheses[0]?.next.text).not.toBe('')
  })

  test('is that the slow ones leave no trace, when metrics know of more', () => {
    const report = why(windowWith(slowBank, { counted: { total: 160, slow: 40 } }))
    expect(report.hypotheses.map(({ mechanism }) => mechanism)).toEqual(['missing-traces', 'slow-answer'])
    expect(report.limits).toContain('28 of 40 slow checkouts have no trace here.')
  })

  test('is the commoner one of two, which says how many look otherwise', () => {
    const mixed: Maker = (n) =>
      n % 3 === 0
        ? { ms: 700, calls: [inventoryCall(5, 690, [span('inventory', spans.poolConnect, 10, 660)])] }
        : slowBank(n)
    const [first, second] = why(windowWith(mixed, { slow: 30 })).hypotheses
    expect([first?.mechanism, second?.mechanism]).toEqual(['slow-answer', 'pool-exhausted'])
    expect(first?.refuting).toEqual(['10 slow checkouts (33 %) look otherwise'])
    expect(first?.confidence).toBe('possible')
  })
})

describe('the conclusion', () => {
  test('is that nothing was found while no more are slow than may be', () => {
    const report = why(windowWith(slowBank, { slow: 1 }))
    expect(report).toMatchObject({ conclusion: 'nothing', hypotheses: [] })
    expect(textOf(report)).toMatch(/^Nothing found: no more checkouts are slow than the objective allows\./)
  })

  test('is that it healed, when they stop long before the end', () => {
    const report = why(windowWith(slowBank, { untilMs: 8_000 }))
    expect(report.conclusion).toBe('healed')
    expect(textOf(report)).toMatch(/^Healed by itself\. While it lasted: bank: /)
  })

  test('is not that it healed, when the silence is no longer than the ones before', () => {
    const inBursts: Maker = slowBank
    const looked = windowWith(inBursts)
    const samples = looked.samples.map((one, i) =>
      i < fastCount ? one : { ...one, startMs: 7_000 * ((i - fastCount) % 4) + (i % 3) * 100 },
    )
    expect(why({ ...looked, samples })).toMatchObject({ conclusion: 'explained', when: { everyMs: 7_000 } })
  })
})

describe('the text', () => {
  test('begins with the answer, how sure that is, and how many are slow', () => {
    const lines = textOf(why(windowWith(slowBank))).split('\n')
    expect(lines[0]).toBe('Possible: bank: somebody outside the shop who takes long to answer.')
    expect(lines[1]).toMatch(/^12 of 132 checkouts took over 500 ms \(9.1 %, 95 %: 5.3 % to 15 %\)/)
  })

  test('says so when no attribute separates slow ones from fast ones', () => {
    expect(textOf(why(windowWith(slowBank)))).toContain(
      'no attribute separates them from fast ones: look at time, instance or load',
    )
  })

  test('is nowhere wider than the terminal', () => {
    for (const line of textOf(why(windowWith(slowBank)), 72).split('\n'))
      expect([...line].length).toBeLessThanOrEqual(72)
  })
})

const textOf = (report: ReturnType<typeof why>, columns = 200): string =>
  whyText(report, { columns, paint: palette(false), traceUrl: (id) => `http://localhost:4318/trace/${id}` })

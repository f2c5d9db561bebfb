// Hand-made windows of the scenario hot-product: ordinary carts, bulk carts that hold a row, carts that wait for the row.
import { attributes, metrics, spans } from '../../services/kit/telemetry/names.ts'
import type { Observed, Sample } from '../../services/lens/evidence.ts'
import type { LogLine, Point } from '../../services/lens/source.ts'
import type { Trace } from '../../services/lens/trace.ts'
import { client, logLine, server, span, trace, traceIdOf } from './traces.ts'

export const hotSku = 'enamel-mug'
const windowMs = 20_000
/** Its multiples spread evenly whatever their number. */
const goldenRatio = 0.618034

type Checkout = { sample: Sample; trace: Trace; logs: LogLine[] }
/** How many checkouts of each kind a window has. */
export type Mix = { ordinary?: number; bulk?: number; serialBulk?: number; waiting?: number }

/** A window with such checkouts, and one point a second of the sessions that wait: `waitingSessions` in every second second. */
export function windowOf(mix: Mix, { waitingSessions = 0, firstId = 1 } = {}): Observed {
  const makers = [
    ...Array.from({ length: mix.serialBulk ?? 0 }, () => serialBulkCart),
    ...Array.from({ length: mix.waiting ?? 0 }, () => waitingCart),
    ...Array.from({ length: mix.bulk ?? 0 }, () => bulkCart),
    ...Array.from({ length: mix.ordinary ?? 0 }, () => ordinaryCart),
  ]
  const checkouts = makers.map((make, i) => make(firstId + i, i))
  // The kinds come one after another above, and mixed in the window.
  for (const [i, { sample }] of checkouts.entries()) {
    sample.startMs = ((i * goldenRatio) % 1) * windowMs
  }
  const seconds = Array.from({ length: windowMs / 1000 }, (_, i) => i)
  const points = (value: (second: number) => number): Point[] =>
    seconds.map((second) => ({ atMs: second * 1000, value: value(second) }))
  return {
    window: { fromMs: 0, toMs: windowMs },
    samples: checkouts.map(({ sample }) => sample),
    traces: new Map(checkouts.map((checkout) => [checkout.trace.traceId, checkout.trace])),
    logs: checkouts.flatMap(({ logs }) => logs),
    series: [
      { metric: metrics.dbSessions, labels: {}, points: points(() => 12) },
      {
        metric: metrics.dbSessionsWaiting,
        labels: { [attributes.waitEventType]: 'Lock' },
        points: points((second) => (second % 2 === 0 ? waitingSessions : 0)),
      },
    ],
  }
}

/** A mix of 440 checkouts as arithmetic predicts it while armed, and the calm one. */
export const armedMix = { ordinary: 412, serialBulk: 8, waiting: 20 }
export const calmMix = { ordinary: 432, bulk: 8 }

/** One in six wants the hot product; the others want one of 40. */
const skuOf = (i: number): string => (i % 6 === 0 ? hotSku : `linen-thing-${i % 40}`)

const ordinaryCart = (id: number, i: number): Checkout => checkout(id, 'small', 90 + (i % 7), [skuOf(i)], 4)
const bulkCart = (id: number): Checkout => checkout(id, 'bulk', 110, [hotSku, 'felt-bowl'], 4)
const serialBulkCart = (id: number): Checkout => checkout(id, 'bulk', 900, [hotSku, 'felt-bowl'], 5, 24)

function waitingCart(id: number, i: number): Checkout {
  const traceId = traceIdOf(id)
  const made = checkout(id, 'small', 790, [hotSku, `linen-thing-${i % 40}`], 700)
  // The first waiter is blocked by a bulk cart, every other one by the waiter before it.
  const blocker = traceIdOf(i % 4 === 0 ? 1 : id - 1)
  made.logs = [
    logLine(250, 'process 71 still waiting for ShareLock on transaction 801', { service: 'postgres', traceId }),
    logLine(300, 'session waits', {
      service: 'postgres',
      traceId,
      attributes: { [attributes.blockedByTraceId]: blocker },
    }),
  ]
  return made
}

function checkout(id: number, cartSize: string, totalMs: number, skus: string[], lockMs: number, quotes = 1): Checkout {
  const traceId = traceIdOf(id)
  const quoteMs = quotes === 1 ? 12 : 30
  const pricing = (fromMs: number) =>
    client('inventory', 'POST', fromMs, fromMs + quoteMs, [
      server('pricing', 'POST /quotes', fromMs + 2, fromMs + quoteMs - 2, [
        span('pricing', 'pg.query:SELECT shop', fromMs + 4, fromMs + quoteMs - 4),
      ]),
    ])
  const lockAtMs = quotes === 1 ? 24 : 9
  const lock = span('inventory', spans.lockStock, lockAtMs, lockAtMs + lockMs, [query(lockAtMs, lockAtMs + lockMs)], {
    attributes: { [attributes.sku]: skus },
  })
  const firstQuoteMs = quotes === 1 ? 9 : lockAtMs + lockMs + 1
  const quoted = Array.from({ length: quotes }, (_, i) => pricing(firstQuoteMs + i * (quoteMs + 1)))
  const inventoryEndMs = totalMs - 50
  const commit = span('inventory', 'pg.query:COMMIT shop', inventoryEndMs - 3, inventoryEndMs - 1)
  const root = server(
    'api',
    spans.checkout,
    0,
    totalMs,
    [
      span('api', spans.validateSession, 0, 2),
      client('api', 'POST', 4, inventoryEndMs + 2, [
        server('inventory', 'POST /reservations', 6, inventoryEndMs, [...quoted, lock, commit]),
      ]),
      client('api', 'POST', inventoryEndMs + 4, totalMs - 4, [
        server('payment', 'POST /authorisations', inventoryEndMs + 6, totalMs - 6),
      ]),
    ],
    { attributes: { [attributes.cartSize]: cartSize } },
  )
  const cohort = { [attributes.cartSize]: cartSize }
  const sample = { traceId, latencyMs: totalMs + 1, status: 201, startMs: id, cohort }
  return { sample, trace: trace(root, traceId), logs: [] }
}

const query = (fromMs: number, toMs: number) => span('inventory', 'pg.query:SELECT shop', fromMs + 1, toMs)

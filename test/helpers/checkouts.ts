// Checkouts as the shop traces them: quick ones, one that waits for another's row lock, one that fails, and their log.
import type { LogLine } from '../../services/lens/source.ts'
import type { Span } from '../../services/lens/trace.ts'
import { client, consumer, idOf, logLine, server, span, trace } from './traces.ts'

export type Checkout = { traceId: string; spans: Span[]; logs: LogLine[] }
export type CheckoutOptions = { n: number; waitMs?: number; blockedBy?: string; declined?: boolean }

const pg = {
  'db.system.name': 'postgresql',
  'db.namespace': 'shop',
  'server.address': '127.0.0.1',
  'server.port': 5442,
}
const sql = (text: string) => ({ attributes: { ...pg, 'db.query.text': text } })

/** Looks like a random trace id, but the nth checkout always has the same. */
export const idFor = (n: number): string =>
  ((BigInt(n) * 0x9e3779b97f4a7c15f39cc0605cedc835n) & ((1n << 128n) - 1n)).toString(16).padStart(32, '0')

/** One `POST /api/checkout` from 0 ms; `waitMs` is spent waiting for a row lock. */
export function checkout({ n, waitMs = 0, blockedBy, declined = false }: CheckoutOptions): Checkout {
  const at = 20 + (n % 7)
  const end = at + 60 + waitMs
  const failure = declined ? { status: 'error' as const, statusMessage: 'The card was declined' } : {}
  const made = trace(
    server(
      'api',
      'POST /api/checkout',
      0,
      end + 42,
      [
        span('api', 'auth.validate', 1, 2.4),
        client('api', 'SELECT shop', 3, 6, [], sql('SELECT id, tier FROM users WHERE id = $1')),
        client('api', 'INSERT shop', 7, 12, [], sql("INSERT INTO orders (id, state) VALUES ($1, 'pending')")),
        client('api', 'POST', 14, end, [reserve(at, end - 4, waitMs)], {
          attributes: { 'http.request.method': 'POST', 'server.address': 'inventory', 'url.path': '/reservations' },
        }),
        client('api', 'POST', end + 2, end + 31, [authorise(end + 4, end + 29, declined)], {
          attributes: { 'http.request.method': 'POST', 'server.address': 'payment', 'url.path': '/authorisations' },
          ...failure,
        }),
        client('api', 'UPDATE shop', end + 33, end + 38, [], sql("UPDATE orders SET state = 'placed' WHERE id = $1")),
      ],
      {
        attributes: {
          'http.route': '/api/checkout',
          'http.request.method': 'POST',
          'http.response.status_code': declined ? 402 : 201,
          'shop.order_id': `order-${n}`,
          'shop.cart_size': n % 9 === 0 ? 'bulk' : 'small',
        },
        events: declined
          ? []
          : [{ name: 'order.placed', atMs: end + 39, attributes: { 'shop.order_id': `order-${n}` } }],
        ...failure,
      },
    ),
    idFor(n),
  )
  return {
    traceId: made.traceId,
    spans: [...made.spans, later(made.traceId, end + 900)],
    logs: logOf(made, end, { waitMs, blockedBy, declined }),
  }
}

const reserve = (from: number, to: number, waitMs: number) =>
  server('inventory', 'POST /reservations', from, to, [
    client(
      'inventory',
      'POST',
      from + 2,
      from + 22,
      [
        server(
          'pricing',
          'POST /quotes',
          from + 5,
          from + 20,
          [
            client(
              'pricing',
              'SELECT shop',
              from + 7,
              from + 11,
              [],
              sql('SELECT sku, price_cents FROM prices WHERE sku = ANY($1)'),
            ),
          ],
          { events: [{ name: 'cache.miss', atMs: from + 6, attributes: { 'shop.cache.result': 'miss' } }] },
        ),
      ],
      { attributes: { 'server.address': 'pricing', 'url.path': '/quotes' } },
    ),
    span(
      'inventory',
      'lock stock',
      from + 24,
      to - 3,
      [
        client(
          'inventory',
          'SELECT shop',
          from + 25,
          from + 29 + waitMs,
          [],
          sql('SELECT sku, quantity FROM stock WHERE sku = ANY($1) ORDER BY sku FOR UPDATE'),
        ),
        client('inventory', 'COMMIT shop', to - 6, to - 4, [], sql('COMMIT')),
      ],
      { attributes: { 'shop.sku': 'enamel-mug' } },
    ),
  ])

const authorise = (from: number, to: number, declined: boolean) =>
  server(
    'payment',
    'POST /authorisations',
    from,
    to,
    [
      client('payment', 'POST', from + 2, to - 3, [], {
        attributes: { 'server.address': 'bank', 'peer.service': 'bank' },
      }),
    ],
    declined ? { status: 'error', attributes: { 'error.type': 'card_declined' } } : {},
  )

function later(traceId: string, from: number): Span {
  const made = trace(consumer('inventory', 'process order-placed', from, from + 12), traceId)
  return { ...(made.spans[0] as Span), spanId: 'c'.repeat(16), parentSpanId: '1'.padStart(16, '0') }
}

type Story = { waitMs: number; blockedBy: string | undefined; declined: boolean }

function logOf(made: ReturnType<typeof trace>, end: number, { waitMs, blockedBy, declined }: Story): LogLine[] {
  const of = (name: string) => ({ traceId: made.traceId, spanId: idOf(made, name) })
  const lines = [
    logLine(2.5, 'session is valid', { ...of('auth.validate'), severity: 'debug' }),
    logLine(26, 'prices read from the database', {
      ...of('POST /quotes'),
      service: 'pricing',
      attributes: { 'shop.cache.result': 'miss' },
    }),
    logLine(end + 39, declined ? 'card declined, order unwound' : 'order placed', {
      ...of('POST /api/checkout'),
      severity: declined ? 'warn' : 'info',
      attributes: { 'shop.outcome': declined ? 'declined' : 'placed' },
    }),
  ]
  if (blockedBy === undefined) return lines
  const attributes = {
    'postgresql.pid': 4711,
    'postgresql.wait_ms': waitMs - 20,
    'postgresql.blocked_by.pid': 4712,
    'postgresql.blocked_by.trace_id': blockedBy,
    'postgresql.blocked_by.service': 'inventory',
  }
  const waiting = logLine(150, 'process 4711 still waiting for ShareLock on transaction 8812 after 100.2 ms', {
    ...of('lock stock'),
    service: 'postgres',
    attributes,
  })
  const got = logLine(52 + waitMs, `process 4711 acquired ShareLock on transaction 8812 after ${waitMs}.1 ms`, {
    ...of('lock stock'),
    service: 'postgres',
    attributes: { 'postgresql.pid': 4711, 'postgresql.wait_ms': waitMs },
  })
  return [...lines, waiting, got]
}

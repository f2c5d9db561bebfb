// Made-up telemetry for a viewer that is measured: as much as it is asked for, or until every store is full.
import { metrics as names } from '../../services/kit/telemetry/names.ts'
import { messages } from './otlp-schema.ts'
import type { statusOf } from './status.ts'

const spansPerTrace = 25
const tracesPerRequest = 20
const sql = 'SELECT id, sku, quantity, price_cents FROM reservations WHERE order_id = $1 AND state = $2 FOR UPDATE'

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const int = (key: string, intValue: number) => ({ key, value: { intValue } })
const resource = () => ({ attributes: [text('service.name', 'inventory'), text('service.instance.id', 'inventory-1')] })
/** Written as text: a double cannot hold nanoseconds, and both encoders accept it. */
const nanos = (ms: number): string => `${Math.trunc(ms)}${String(Math.trunc((ms % 1) * 1e6)).padStart(6, '0')}`

/** How a request of spans is written. */
export type Encoding = 'protobuf' | 'json'
type Status = ReturnType<typeof statusOf>
type StoreName = 'traces' | 'logs' | 'metrics'

/** How many spans `sendSpans` sends. */
export const spansPerRequest = spansPerTrace * tracesPerRequest

/** Sends the viewer at `url` until each of its stores has begun to forget. */
export async function fillStores(url: string, signal: AbortSignal): Promise<void> {
  await fill(url, 'traces', () => sendSpans(url, 'protobuf'), signal)
  await fill(url, 'logs', () => deliver(url, '/v1/logs', JSON.stringify(someLines()), json), signal)
  await fill(url, 'metrics', () => deliver(url, '/v1/metrics', JSON.stringify(somePoints()), json), signal)
}

async function fill(url: string, store: StoreName, send: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while ((await askStatus(url))[store].evicted === 0) {
    for (let i = 0; i < 20; i++) {
      signal.throwIfAborted()
      await send()
    }
  }
}

/** What the viewer at `url` says of itself. */
export async function askStatus(url: string): Promise<Status> {
  const response = await fetch(new URL('/api/status', url))
  return (await response.json()) as Status
}

/** One request of `spansPerRequest` spans. */
export async function sendSpans(url: string, encoding: Encoding): Promise<void> {
  const request = { resourceSpans: [{ resource: resource(), scopeSpans: [{ spans: someTraces(encoding) }] }] }
  if (encoding === 'json') await deliver(url, '/v1/traces', JSON.stringify(request), json)
  else await deliver(url, '/v1/traces', messages.traces.encode(request).finish(), 'application/x-protobuf')
}

const json = 'application/json'

async function deliver(url: string, path: string, body: string | Uint8Array, type: string): Promise<void> {
  const request = { method: 'POST', headers: { 'content-type': type }, body: Buffer.from(body) }
  const response = await fetch(new URL(path, url), request)
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  await response.arrayBuffer()
}

function someLines() {
  const logRecords = Array.from({ length: 500 }, () => ({
    timeUnixNano: nanos(Date.now()),
    severityNumber: 9,
    traceId: Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex'),
    spanId: '00000000000000ab',
    body: { stringValue: `order ${crypto.randomUUID()} placed after one reservation and one authorisation` },
    attributes: [text('shop.order_id', crypto.randomUUID()), text('shop.tier', 'gold')],
  }))
  const services = ['api', 'inventory', 'payment', 'pricing', 'postgres', 'workshop']
  const attributes = [text('service.name', services[Math.floor(Math.random() * services.length)] ?? 'api')]
  return { resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords }] }] }
}

/** How long ago the made-up series spoke last: the store forgets who is silent, and goes on with those that are not. */
const silentForMs = 120_000

/** A hundred new histogram series: memory is full when their number is. */
function somePoints() {
  const atMs = Date.now() - silentForMs
  const explicitBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
  const dataPoints = Array.from({ length: 100 }, () => ({
    startTimeUnixNano: nanos(atMs - 5000),
    timeUnixNano: nanos(atMs),
    count: '22',
    sum: 3.5,
    explicitBounds,
    bucketCounts: Array(11).fill('2'),
    attributes: [text('http.route', `/${crypto.randomUUID()}`)],
  }))
  const metrics = [{ name: names.httpServerDuration, histogram: { aggregationTemporality: 2, dataPoints } }]
  return { resourceMetrics: [{ resource: resource(), scopeMetrics: [{ metrics }] }] }
}

function someTraces(encoding: Encoding) {
  const id = (bytes: number) => {
    const random = crypto.getRandomValues(new Uint8Array(bytes))
    return encoding === 'json' ? Buffer.from(random).toString('hex') : random
  }
  const startMs = Date.now()
  return Array.from({ length: tracesPerRequest }, () => id(16)).flatMap((traceId) => {
    const root = id(8)
    return Array.from({ length: spansPerTrace }, (_, i) => spanOf(i, traceId, i === 0 ? root : id(8), root, startMs))
  })
}

/** Like a database span of the shop: a dozen attributes, one of them different in every span. */
function spanOf(i: number, traceId: unknown, spanId: unknown, root: unknown, startMs: number) {
  return {
    traceId,
    spanId,
    ...(i === 0 ? {} : { parentSpanId: root }),
    name: i === 0 ? 'POST /api/checkout' : 'SELECT shop',
    kind: i === 0 ? 2 : 3,
    startTimeUnixNano: nanos(startMs + i),
    endTimeUnixNano: nanos(startMs + i + 3 + Math.random() * 20),
    attributes: [
      text('http.route', '/api/checkout'),
      text('http.request.method', 'POST'),
      int('http.response.status_code', 200),
      text('server.address', '127.0.0.1'),
      int('server.port', 5442),
      text('db.system.name', 'postgresql'),
      text('db.namespace', 'shop'),
      text('db.query.text', sql),
      text('shop.cart_size', 'small'),
      text('shop.tier', 'standard'),
      int('shop.cart_lines', 3),
      text('shop.order_id', crypto.randomUUID()),
    ],
    status: {},
  }
}

// How many spans a second the viewer takes on one core, and its memory when full: part of `npm run bench`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { metrics as names } from '../../services/kit/telemetry/names.ts'
import { messages } from './otlp-schema.ts'

const spansPerTrace = 25
const tracesPerRequest = 20
const sql = 'SELECT id, sku, quantity, price_cents FROM reservations WHERE order_id = $1 AND state = $2 FOR UPDATE'

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const int = (key: string, intValue: number) => ({ key, value: { intValue } })
const resource = () => ({ attributes: [text('service.name', 'inventory'), text('service.instance.id', 'inventory-1')] })
/** Written as text: a double cannot hold nanoseconds, and both encoders accept it. */
const nanos = (ms: number): string => `${Math.trunc(ms)}${String(Math.trunc((ms % 1) * 1e6)).padStart(6, '0')}`
const port = await freePort()

/** Spans a second by encoding, on the clock and per second of one core; MiB of the process with all stores full. */
export type ViewerFigures = { encoding: string; perSecond: number; perCoreSecond: number }[]

/** Starts a viewer of its own, sends it `wanted` spans in each encoding, then fills every store. */
export async function benchViewer(
  wanted: number,
  signal: AbortSignal,
): Promise<{ figures: ViewerFigures; fullMiB: number }> {
  const viewer = await startViewer(port)
  // A Ctrl-C in the terminal ends it before we do.
  const ended = once(viewer, 'exit')
  try {
    const figures: ViewerFigures = []
    for (const encoding of ['protobuf', 'json'] as const) figures.push(await measure(encoding, wanted, signal))
    await fill('/v1/logs', someLines, (full) => full.logs.evicted > 0, signal)
    await fill('/v1/metrics', somePoints, (full) => full.metrics.evicted > 0, signal)
    return { figures, fullMiB: (await status()).process.rssBytes / 2 ** 20 }
  } finally {
    viewer.kill('SIGTERM')
    await ended
  }
}

async function measure(
  encoding: 'protobuf' | 'json',
  wanted: number,
  signal: AbortSignal,
): Promise<ViewerFigures[number]> {
  const before = await status()
  const startedAtMs = performance.now()
  let sent = 0
  const send = async (): Promise<void> => {
    while (sent < wanted) {
      signal.throwIfAborted()
      sent += spansPerTrace * tracesPerRequest
      await post(encoding)
    }
  }
  await Promise.all([send(), send()])
  const seconds = (performance.now() - startedAtMs) / 1000
  const coreSeconds = ((await status()).process.cpuMs - before.process.cpuMs) / 1000
  return { encoding, perSecond: sent / seconds, perCoreSecond: sent / coreSeconds }
}

/** Sends until the store has begun to forget. */
async function fill(
  path: string,
  make: () => object,
  isFull: (status: Status) => boolean,
  signal: AbortSignal,
): Promise<void> {
  while (!isFull(await status())) {
    signal.throwIfAborted()
    for (let i = 0; i < 20; i++) await deliver(path, JSON.stringify(make()), 'application/json')
  }
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

/** A hundred new histogram series: memory is full when their number is. */
function somePoints() {
  const explicitBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
  const dataPoints = Array.from({ length: 100 }, () => ({
    startTimeUnixNano: nanos(Date.now() - 5000),
    timeUnixNano: nanos(Date.now()),
    count: '22',
    sum: 3.5,
    explicitBounds,
    bucketCounts: Array(11).fill('2'),
    attributes: [text('http.route', `/${crypto.randomUUID()}`)],
  }))
  const metrics = [{ name: names.httpServerDuration, histogram: { aggregationTemporality: 2, dataPoints } }]
  return { resourceMetrics: [{ resource: resource(), scopeMetrics: [{ metrics }] }] }
}

async function post(encoding: 'protobuf' | 'json'): Promise<void> {
  const request = { resourceSpans: [{ resource: resource(), scopeSpans: [{ spans: someTraces(encoding) }] }] }
  const isJson = encoding === 'json'
  const body = isJson ? JSON.stringify(request) : messages.traces.encode(request).finish()
  await deliver('/v1/traces', body, isJson ? 'application/json' : 'application/x-protobuf')
}

async function deliver(path: string, body: string | Uint8Array, type: string): Promise<void> {
  const request = { method: 'POST', headers: { 'content-type': type }, body: Buffer.from(body) }
  const response = await fetch(`http://127.0.0.1:${port}${path}`, request)
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  await response.arrayBuffer()
}

function someTraces(encoding: 'protobuf' | 'json') {
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

type Status = {
  logs: { evicted: number }
  metrics: { evicted: number }
  process: { rssBytes: number; cpuMs: number }
}

async function status(): Promise<Status> {
  const response = await fetch(`http://127.0.0.1:${port}/api/status`)
  return (await response.json()) as Status
}

async function startViewer(on: number) {
  const command = [`PORT=${on}`, process.execPath, `${import.meta.dirname}/main.ts`]
  const child = spawn('env', command, { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return child
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: free } = server.address() as { port: number }
  await new Promise((closed) => server.close(closed))
  return free
}

// How many spans a second the viewer takes on one core, and its memory when full: `node infra/viewer/bench.ts [spans]`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { messages } from './otlp-schema.ts'

const spansPerTrace = 25
const tracesPerRequest = 20
const sql = 'SELECT id, sku, quantity, price_cents FROM reservations WHERE order_id = $1 AND state = $2 FOR UPDATE'

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const int = (key: string, intValue: number) => ({ key, value: { intValue } })
const resource = () => ({ attributes: [text('service.name', 'inventory'), text('service.instance.id', 'inventory-1')] })
/** Written as text: a double cannot hold nanoseconds, and both encoders accept it. */
const nanos = (ms: number): string => `${Math.trunc(ms)}${String(Math.trunc((ms % 1) * 1e6)).padStart(6, '0')}`

const wanted = Number(process.argv[2] ?? 150_000)
const port = await freePort()
const viewer = await startViewer(port)
try {
  console.log('encoding  spans/s   spans per core-second   stored traces   store MB   process MB')
  for (const encoding of ['protobuf', 'json'] as const) console.log(await measure(encoding))
} finally {
  viewer.kill('SIGTERM')
  await once(viewer, 'exit')
}

async function measure(encoding: 'protobuf' | 'json'): Promise<string> {
  const before = await status()
  const startedAtMs = performance.now()
  let sent = 0
  const send = async (): Promise<void> => {
    while (sent < wanted) {
      sent += spansPerTrace * tracesPerRequest
      await post(encoding)
    }
  }
  await Promise.all([send(), send()])
  const seconds = (performance.now() - startedAtMs) / 1000
  const after = await status()
  const coreSeconds = (after.process.cpuMs - before.process.cpuMs) / 1000
  const columns = [sent / seconds, sent / coreSeconds, after.traces.traces, after.bytes / 2 ** 20]
  const rounded = [...columns, after.process.rssBytes / 2 ** 20].map((n) => String(Math.round(n)).padStart(12))
  return encoding.padEnd(9) + rounded.join(' ')
}

async function post(encoding: 'protobuf' | 'json'): Promise<void> {
  const request = { resourceSpans: [{ resource: resource(), scopeSpans: [{ spans: someTraces(encoding) }] }] }
  const isJson = encoding === 'json'
  const body = isJson ? JSON.stringify(request) : messages.traces.encode(request).finish()
  const headers = { 'content-type': isJson ? 'application/json' : 'application/x-protobuf' }
  const response = await fetch(`http://127.0.0.1:${port}/v1/traces`, {
    method: 'POST',
    headers,
    body: Buffer.from(body),
  })
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

type Status = { bytes: number; traces: { traces: number }; process: { rssBytes: number; cpuMs: number } }

async function status(): Promise<Status> {
  const response = await fetch(`http://127.0.0.1:${port}/api/status`)
  return (await response.json()) as Status
}

async function startViewer(on: number) {
  const env = { ...process.env, PORT: String(on) }
  const child = spawn(process.execPath, [`${import.meta.dirname}/main.ts`], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
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

// OTLP/HTTP as exporters speak it, and as they should never.
import { gzipSync } from 'node:zlib'
import { SpanKind, TraceFlags } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import {
  JsonLogsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import { BatchSpanProcessor, InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { expect, test } from 'vitest'
import { messages } from '../../infra/viewer/otlp-schema.ts'
import { checkout } from '../helpers/checkouts.ts'
import { otlpTraces } from '../helpers/otlp.ts'
import { startViewer } from '../helpers/viewer.ts'

const base = 1_790_000_000_000
const protobuf = { 'content-type': 'application/x-protobuf' }
const resource = resourceFromAttributes({ 'service.name': 'inventory', 'service.instance.id': 'inventory-1' })

/** Two spans as the SDK finishes them, the child first. */
function sdkSpans() {
  const exporter = new InMemorySpanExporter()
  const provider = new TracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor({ exporter })] })
  makeSpans(provider)
  return exporter.getFinishedSpans()
}

function makeSpans(provider: TracerProvider): void {
  const tracer = provider.getTracer('test')
  const parent = tracer.startSpan('POST /reservations', {
    kind: SpanKind.SERVER,
    root: true,
    startTime: 1_790_000_000_000,
  })
  const spanContext = parent.spanContext()
  const attributes = { 'shop.sku': 'mug', lines: 3, ratio: 0.5, bulk: true, tags: ['a', 'b'] }
  const child = tracer.startSpan(
    'lock stock',
    { attributes, links: [{ context: spanContext }], startTime: 1_790_000_000_010.25 },
    { getValue: () => undefined, setValue: () => undefined as never, deleteValue: () => undefined as never },
  )
  child.addEvent('waited', { ms: 12 }, 1_790_000_000_020)
  child.setStatus({ code: 2, message: 'no stock' })
  child.end(1_790_000_000_030)
  parent.end(1_790_000_000_050)
}

for (const [encoding, serializer, type] of [
  ['protobuf', ProtobufTraceSerializer, 'application/x-protobuf'],
  ['JSON', JsonTraceSerializer, 'application/json'],
] as const) {
  test(`spans that the SDK wrote as ${encoding} arrive with everything they carry`, async () => {
    const viewer = await startViewer()
    const [child] = sdkSpans()
    const response = await viewer.post('/v1/traces', serializer.serializeRequest(child ? [child] : []) as Uint8Array, {
      'content-type': type,
    })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, type])
    expect(viewer.store.traces.get(child?.spanContext().traceId ?? '')?.spans).toEqual([
      {
        traceId: child?.spanContext().traceId,
        spanId: child?.spanContext().spanId,
        name: 'lock stock',
        kind: 'internal',
        service: 'inventory',
        instance: 'inventory-1',
        startMs: expect.closeTo(1_790_000_000_010.25, 2),
        endMs: 1_790_000_000_030,
        status: 'error',
        statusMessage: 'no stock',
        attributes: { 'shop.sku': 'mug', lines: 3, ratio: 0.5, bulk: true, tags: ['a', 'b'] },
        events: [{ name: 'waited', atMs: 1_790_000_000_020, attributes: { ms: 12 } }],
        links: [expect.objectContaining({ traceId: expect.stringMatching(/^[0-9a-f]{32}$/) })],
        resource: expect.objectContaining({ 'service.name': 'inventory' }),
      },
    ])
  })
}

test("the SDK's own protobuf exporter delivers, compressed or not", async () => {
  const viewer = await startViewer()
  for (const compression of ['none', 'gzip'] as const) {
    const exporter = new OTLPTraceExporter({ url: `${viewer.url}/v1/traces`, compression: compression as never })
    const provider = new TracerProvider({ resource, spanProcessors: [new BatchSpanProcessor({ exporter })] })
    makeSpans(provider)
    await provider.shutdown()
  }
  expect(viewer.store.received.traces).toEqual({ requests: 2, accepted: 4, rejected: 0 })
  expect(viewer.store.services()).toEqual([
    { name: 'inventory', instances: ['inventory-1'], lastSeenMs: 1_790_000_000_050 },
  ])
})

test.for([
  ['protobuf', ProtobufLogsSerializer, 'application/x-protobuf'],
  ['JSON', JsonLogsSerializer, 'application/json'],
] as const)('log records that the SDK wrote as %s arrive as lines', async ([, serializer, type]) => {
  const viewer = await startViewer()
  const spanContext = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceFlags: TraceFlags.SAMPLED }
  const record = {
    hrTime: [1_790_000_000, 500_000_000],
    hrTimeObserved: [1_790_000_000, 600_000_000],
    spanContext,
    severityNumber: 13,
    severityText: 'WARN',
    body: 'still waiting',
    attributes: { 'postgresql.pid': 42 },
    resource,
    instrumentationScope: { name: 'pino' },
    droppedAttributesCount: 0,
  } as unknown as ReadableLogRecord
  const body = serializer.serializeRequest([record]) as Uint8Array
  expect((await viewer.post('/v1/logs', body, { 'content-type': type })).status).toBe(200)
  expect(viewer.store.logs.find({ traceId: spanContext.traceId, limit: 10 })).toEqual([
    {
      atMs: 1_790_000_000_500,
      service: 'inventory',
      severity: 'warn',
      body: 'still waiting',
      traceId: spanContext.traceId,
      spanId: spanContext.spanId,
      attributes: { 'postgresql.pid': 42 },
    },
  ])
})

test('gzip bodies are read in both encodings', async () => {
  const viewer = await startViewer()
  const { spans } = checkout({ n: 1 })
  const json = gzipSync(JSON.stringify(otlpTraces(spans, base)))
  const proto = gzipSync(ProtobufTraceSerializer.serializeRequest(sdkSpans()) as Uint8Array)
  expect((await viewer.post('/v1/traces', json, { 'content-encoding': 'gzip' })).status).toBe(200)
  expect((await viewer.post('/v1/traces', proto, { ...protobuf, 'content-encoding': 'gzip' })).status).toBe(200)
  expect(viewer.store.received.traces.accepted).toBe(spans.length + 2)
})

test('a request of which everything was kept is answered without partial success', async () => {
  const viewer = await startViewer()
  const json = await viewer.post('/v1/traces', JSON.stringify(otlpTraces(checkout({ n: 1 }).spans, base)))
  expect(await json.json()).toEqual({})
  const proto = await viewer.post(
    '/v1/traces',
    ProtobufTraceSerializer.serializeRequest(sdkSpans()) as Uint8Array,
    protobuf,
  )
  expect((await proto.arrayBuffer()).byteLength).toBe(0)
})

test('spans without usable ids or times are counted in a partial success, in the encoding of the request', async () => {
  const viewer = await startViewer()
  const [good] = checkout({ n: 1 }).spans
  const request = otlpTraces(good ? [good, { ...good, spanId: '0'.repeat(16) }, { ...good, traceId: 'xyz' }] : [], base)
  const json = await viewer.post('/v1/traces', JSON.stringify(request))
  expect(await json.json()).toEqual({
    partialSuccess: { rejectedSpans: '2', errorMessage: expect.stringContaining('no valid span id') },
  })
  const empty = { resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'nothing' }] }] }] }
  const proto = await viewer.post('/v1/traces', messages.traces.encode(empty).finish(), protobuf)
  expect(proto.status).toBe(200)
  const answer = messages.response.decode(Buffer.from(await proto.arrayBuffer()))
  expect(answer.toJSON()).toEqual({
    partialSuccess: { rejected: '1', errorMessage: expect.stringContaining('no valid trace id') },
  })
})

test('a trace takes no more spans than one trace may have, and says so', async () => {
  const viewer = await startViewer()
  const [span] = checkout({ n: 1 }).spans
  const many = Array.from({ length: 10_002 }, (_, i) => ({ ...span, spanId: (i + 1).toString(16).padStart(16, '0') }))
  const response = await viewer.post('/v1/traces', JSON.stringify(otlpTraces(many as never, base)))
  expect(await response.json()).toMatchObject({ partialSuccess: { rejectedSpans: '2' } })
})

test('another content type is answered 415, and so is another content encoding', async () => {
  const viewer = await startViewer()
  for (const headers of [
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/grpc' },
    { 'content-encoding': 'br' },
  ]) {
    const response = await viewer.post('/v1/traces', '{}', headers as Record<string, string>)
    expect([headers, response.status]).toEqual([headers, 415])
    expect(await response.json()).toEqual({ code: 3, message: expect.any(String) })
  }
})

test('bodies that are too large are answered 413, packed or not', async () => {
  const viewer = await startViewer({ limits: { maxBodyBytes: 100_000, maxInflatedBytes: 200_000 } })
  const plain = await viewer.post('/v1/logs', Buffer.alloc(100_001), protobuf)
  expect(plain.status).toBe(413)
  const bomb = gzipSync(Buffer.alloc(50_000_000))
  const packed = await viewer.post('/v1/logs', bomb, { ...protobuf, 'content-encoding': 'gzip' })
  expect(packed.status).toBe(413)
  const status = messages.rpcStatus.decode(Buffer.from(await packed.arrayBuffer())).toJSON()
  expect(status).toEqual({ code: 8, message: 'The body inflates to more than 200000 bytes' })
})

const deep = (levels: number) => `${'{"arrayValue":{"values":['.repeat(levels)}${']}}'.repeat(levels)}`
const withValue = (value: string) =>
  `{"resourceSpans":[{"resource":{"attributes":[{"key":"a","value":${value}}]},"scopeSpans":[]}]}`

test.for([
  ['an empty body', ''],
  ['half a document', '{"resourceSpans":['],
  ['a list', '[]'],
  ['null', 'null'],
  ['a number', '5'],
  ['a text', '"spans"'],
  ['resourceSpans that is a number', '{"resourceSpans":5}'],
  ['resourceSpans with null in it', '{"resourceSpans":[null]}'],
  ['resourceSpans with a list in it', '{"resourceSpans":[[]]}'],
  ['a resource that is a text', '{"resourceSpans":[{"resource":"api"}]}'],
  ['scopeSpans that is an object', '{"resourceSpans":[{"scopeSpans":{}}]}'],
  ['a span that is a text', '{"resourceSpans":[{"scopeSpans":[{"spans":["span"]}]}]}'],
  ['attributes that are an object', '{"resourceSpans":[{"resource":{"attributes":{}}}]}'],
  ['values that are no list', withValue('{"arrayValue":{"values":7}}')],
  ['nesting without end', `{"resourceSpans":${'['.repeat(200_000)}`],
])('JSON garbage is answered 400 with a status: %s', async ([, body]) => {
  const viewer = await startViewer()
  const response = await viewer.post('/v1/traces', body as string)
  expect(response.status).toBe(400)
  expect(await response.json()).toEqual({ code: 3, message: expect.any(String) })
  expect(viewer.store.received.traces.requests).toBe(0)
})

test('odd but readable JSON is accepted without harm', async () => {
  const viewer = await startViewer()
  for (const body of [
    '{}',
    '{"somethingElse":1}',
    '{"resourceSpans":null}',
    withValue('{}'),
    withValue('null'),
    withValue('{"intValue":"many"}'),
    withValue(deep(5_000)),
    '{"resourceSpans":[{"resource":{"attributes":[{"key":"__proto__","value":{"stringValue":"x"}},{"value":{}}]}}]}',
  ]) {
    expect([body.slice(0, 80), (await viewer.post('/v1/traces', body)).status]).toEqual([body.slice(0, 80), 200])
  }
  expect(({} as Record<string, unknown>).x).toBeUndefined()
})

test('no damaged protobuf or gzip body brings the viewer down', async () => {
  const viewer = await startViewer()
  const whole = Buffer.from(ProtobufTraceSerializer.serializeRequest(sdkSpans()) as Uint8Array)
  const answers = new Set<number>()
  for (let i = 0; i < 300; i++) {
    const broken = Buffer.from(whole.subarray(0, i % 3 === 0 ? (i * 7) % whole.length : whole.length))
    const at = (i * 31) % Math.max(1, broken.length)
    if (broken.length > 0) broken[at] = (i * 73) % 256
    const signal = ['traces', 'logs', 'metrics'][i % 3]
    answers.add((await viewer.post(`/v1/${signal}`, broken, protobuf)).status)
    const packed = gzipSync(whole).subarray(0, 10 + (i % 20))
    answers.add((await viewer.post('/v1/traces', packed, { ...protobuf, 'content-encoding': 'gzip' })).status)
  }
  expect([...answers].sort()).toEqual([200, 400])
  expect((await viewer.get('/healthz')).status).toBe(200)
})

test('a protobuf message that nests for ever is answered 400', async () => {
  const viewer = await startViewer()
  let value: Buffer = Buffer.alloc(0)
  for (let i = 0; i < 400; i++) value = nested(5, nested(1, value))
  const body = nested(1, nested(1, nested(1, nested(2, value))))
  const response = await viewer.post('/v1/traces', body, protobuf)
  expect(response.status).toBe(400)
  expect(messages.rpcStatus.decode(Buffer.from(await response.arrayBuffer())).toJSON()).toMatchObject({ code: 3 })
})

/** A length-delimited protobuf field. */
function nested(field: number, content: Buffer): Buffer {
  const length: number[] = []
  for (let rest = content.length; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest)
    if (rest <= 127) break
  }
  return Buffer.concat([Buffer.from([(field << 3) | 2, ...length]), content])
}

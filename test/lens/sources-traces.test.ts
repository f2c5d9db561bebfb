// Tempo, Jaeger and Zipkin: one trace that went through each of them comes back the same, but for what a backend loses.
import { expect, test } from 'vitest'
import { jaegerSource } from '../../services/lens/sources/jaeger.ts'
import { tempoSource } from '../../services/lens/sources/tempo.ts'
import { zipkinSource } from '../../services/lens/sources/zipkin.ts'
import { checkoutSpan, durationMs, type Span, type Trace } from '../../services/lens/trace.ts'
import { startRefusingServer } from '../helpers/misbehaving.ts'
import { recorded, startAnswering } from '../helpers/recorded.ts'

const traceId = '5bf0c1e2a3d4958677001122334455aa'
const missing = '0'.repeat(31).concat('1')
const startMs = 1795512061000
const window = { fromMs: startMs, toMs: startMs + 2000 }

const zipkinTrace = () => recorded('zipkin-trace.json')
const backends = {
  tempo: {
    open: tempoSource,
    answer: ({ pathname }: URL) =>
      pathname === '/api/search'
        ? recorded('tempo-search.json')
        : pathname.endsWith(missing)
          ? '{"trace":{},"metrics":{}}'
          : recorded('tempo-trace.json'),
  },
  jaeger: {
    open: jaegerSource,
    answer: ({ pathname }: URL) => (pathname.endsWith(missing) ? undefined : recorded('jaeger-trace.json')),
  },
  zipkin: {
    open: zipkinSource,
    answer({ pathname, searchParams }: URL) {
      if (pathname.endsWith(missing)) return undefined
      const isNone = searchParams.get('traceIds') === missing
      return pathname.startsWith('/api/v2/trace/') ? zipkinTrace() : isNone ? '[]' : `[${zipkinTrace()}]`
    },
  },
}
const names = Object.keys(backends) as (keyof typeof backends)[]

async function opened(name: keyof typeof backends) {
  const { open, answer } = backends[name]
  const server = await startAnswering(answer)
  return { source: open(server.url), asked: server.asked }
}

const named = (trace: Trace | undefined, name: string): Span => {
  const [span, ...more] = trace?.spans.filter((one) => one.name === name) ?? []
  if (span === undefined || more.length > 0) throw new Error(`not one span is called ${name}`)
  return span
}

test.for(names)('%s gives the whole trace: names, kinds, parents, services, times', async (name) => {
  const { source } = await opened(name)

  const trace = await source.trace(traceId)

  const digits = (id = '') => id.replace(/^10+/, '')
  expect(trace?.traceId).toBe(traceId)
  expect(
    trace?.spans.map((span) => [digits(span.spanId), digits(span.parentSpanId), span.service, span.kind, span.name]),
  ).toEqual([
    ['1', '', 'api', 'server', 'POST /api/checkout'],
    ['2', '1', 'api', 'internal', 'auth.validate'],
    ['3', '1', 'api', 'client', 'POST'],
    ['4', '3', 'inventory', 'server', 'POST /reservations'],
    ['5', '4', 'inventory', 'internal', 'lock stock'],
    ['6', '5', 'inventory', 'client', 'pg.query:SELECT shop'],
    ['7', '1', 'api', 'client', 'POST'],
    ['8', '1', 'api', 'producer', 'send order-placed/inventory'],
    ['9', '8', 'inventory', 'consumer', 'process order-placed/inventory'],
  ])
  const root = checkoutSpan(trace as Trace) as Span
  expect([root.startMs, durationMs(root), root.instance]).toEqual([startMs, 744.25, 'api-1'])
})

test.for(names)('%s keeps attributes, events, links, status and resource', async (name) => {
  const { source } = await opened(name)

  const trace = await source.trace(traceId)

  expect(named(trace, 'POST /api/checkout')).toMatchObject({
    attributes: { 'http.response.status_code': 201, 'shop.cart_size': 'medium', 'shop.cart_lines': 2 },
    events: [
      {
        name: 'order.placed',
        atMs: startMs + 740.5,
        attributes: { 'shop.order_id': 'o-1', 'shop.total_cents': 20850 },
      },
    ],
    status: 'unset',
    resource: { 'service.name': 'api', 'service.instance.id': 'api-1' },
  })
  expect(named(trace, 'lock stock').attributes).toEqual({ 'shop.sku': ['enamel-lamp', 'linen-backpack'] })
  expect(trace?.spans.find(({ status }) => status === 'error')).toMatchObject({
    statusMessage: 'bank unreachable',
    attributes: { 'peer.service': 'payment', 'error.type': '503' },
    events: [
      { name: 'retry', atMs: startMs + 700.25, attributes: { attempt: 2 } },
      { name: 'bare', atMs: startMs + 701, attributes: {} },
    ],
  })
  const consumer = named(trace, 'process order-placed/inventory')
  expect(consumer.status).toBe('ok')
  expect(consumer.attributes).toEqual({ 'messaging.system': 'pg-boss', ratio: 0.25, fresh: true, nested: { a: 1, b: ['x'] } }) // biome-ignore format: one line says it
  expect(consumer.links).toEqual([
    { traceId: '6e96bb7ae0de0786c6d9dc91741ecca4', spanId: '1000000000000001', attributes: { why: 'before' } },
  ])
})

test.for(names)('%s: a trace that is not there is undefined, and left out of many', async (name) => {
  const { source } = await opened(name)
  expect(await source.trace(missing)).toBeUndefined()
  expect([...(await source.traces([missing])).keys()]).toEqual([])
  expect([...(await source.traces([traceId, traceId])).keys()]).toEqual([traceId])
})

test.for(names)('%s finds slow checkouts, the slowest first', async (name) => {
  const { source, asked } = await opened(name)

  const found = await source.slowCheckouts({ window })

  expect(found[0]).toEqual({ traceId, durationMs: 744.25 })
  const question = decodeURIComponent(asked[0]?.search ?? '').replaceAll('+', ' ')
  expect(question).toContain(name === 'zipkin' ? 'minDuration=500000' : '500ms')
  expect(question.toLowerCase()).toContain('post /api/checkout')
})

test.for(names)('%s that cannot be reached is named with its address and what to do', async (name) => {
  const url = await startRefusingServer()
  const source = backends[name].open(new URL(url))
  await expect(source.trace(traceId)).rejects.toThrow(
    new RegExp(`^${name} at ${url} cannot be reached \\(.*${traceId}\\)\\. Is the stack up\\? .*slow doctor`, 'i'),
  )
})

test.for(names)('%s: an answer of another program is recognised', async (name) => {
  const { url } = await startAnswering(() => '{"hello":"world"}')
  const answer = backends[name].open(url).trace(traceId)
  if (name === 'tempo') expect(await answer).toBeUndefined()
  else await expect(answer).rejects.toThrow(/is not what a (Jaeger|Zipkin) answers; is something else on that port\?/)
})

test('Tempo leaves leading zeros of an id out of a search, and they are put back', async () => {
  const { source } = await opened('tempo')
  expect((await source.slowCheckouts({ window })).map((found) => found.traceId)).toEqual([
    traceId,
    '0bf0c1e2a3d4958677001122334455aa',
  ])
})

test('a hundred ids go into one question to Zipkin, and eight questions at a time to the others', async () => {
  const ids = Array.from({ length: 250 }, (_, i) => String(i).padStart(32, '0'))
  const zipkin = await startAnswering(() => '[]')
  await zipkinSource(zipkin.url).traces(ids)
  expect(zipkin.asked).toHaveLength(3)

  let open = 0
  let most = 0
  const jaeger = await startAnswering(() => {
    most = Math.max(most, ++open)
    setImmediate(() => open--)
    return undefined
  })
  await jaegerSource(jaeger.url).traces(ids)
  expect(jaeger.asked).toHaveLength(250)
  expect(most).toBeLessThanOrEqual(8)
})

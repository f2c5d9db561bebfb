// Prometheus and Loki, by what the real ones answered: points of intervals under the shop's own names, lines under theirs.
import { expect, test } from 'vitest'
import { metrics } from '../../services/kit/telemetry/names.ts'
import { jaegerSource } from '../../services/lens/sources/jaeger.ts'
import { lokiSource } from '../../services/lens/sources/loki.ts'
import { prometheusSource } from '../../services/lens/sources/prometheus.ts'
import { stackSource } from '../../services/lens/sources/stack.ts'
import { startRefusingServer } from '../helpers/misbehaving.ts'
import { recorded, startAnswering } from '../helpers/recorded.ts'

const baseMs = 1795512277000
const window = { fromMs: baseMs + 1000, toMs: baseMs + 8001 }
const labels = { 'service.instance.id': 'api-recorded' }

const prometheus = async (file: string) => {
  const server = await startAnswering(() => recorded(`prometheus-${file}.json`))
  return { source: prometheusSource(server.url), asked: server.asked }
}

test('a histogram comes as what each interval saw, buckets without what is below them', async () => {
  const { source, asked } = await prometheus('histogram')

  const series = await source.series(metrics.checkoutDuration, labels, window)

  expect(asked[0]?.searchParams.get('query')).toBe(
    '{__name__=~"shop_checkout_duration_seconds_(bucket|sum|count)", service_instance_id="api-recorded"}[67001ms]',
  )
  const placed = series.find((one) => one.labels['shop.outcome'] === 'placed')
  expect(placed).toMatchObject({ metric: metrics.checkoutDuration, labels: { 'service.name': 'api', ...labels } })
  const counts = placed?.points.map(({ atMs, count, buckets }) => [
    atMs - baseMs,
    count,
    ...(buckets ?? []).map((b) => b.count),
  ])
  // Nothing happened between 4 and 6 s, and before the last push the process began anew.
  expect(counts).toEqual([
    [2000, 3, 2, 1, 0],
    [4000, 2, 1, 0, 1],
    [8000, 2, 0, 2, 0],
  ])
  expect(placed?.points[1]).toMatchObject({ value: 0.5, sum: 1 })
  expect(placed?.points[0]?.buckets?.map(({ upTo }) => upTo)).toEqual([0.1, 0.5, Number.POSITIVE_INFINITY])
})

test('a series that appears later counts from zero', async () => {
  const { source } = await prometheus('histogram')
  const series = await source.series(metrics.checkoutDuration, labels, window)
  const declined = series.find((one) => one.labels['shop.outcome'] === 'declined')
  expect(declined?.points.map(({ atMs, count }) => [atMs - baseMs, count])).toEqual([[4000, 1]])
})

test('the first push of a process only tells where its counters stand', async () => {
  const { source } = await prometheus('histogram')
  const series = await source.series(metrics.checkoutDuration, labels, { ...window, fromMs: baseMs })
  expect(series.flatMap(({ points }) => points).every(({ atMs }) => atMs > baseMs)).toBe(true)
})

test.for([
  ['counter', metrics.checkouts, [3, 2, 0, 2]],
  ['gauge', metrics.eventLoopUtilization, [0.2, 0.4, 0.6, 0.8]],
] as const)('a %s gives its points within the window', async ([file, metric, values]) => {
  const { source } = await prometheus(file)
  const [series] = await source.series(metric, labels, window)
  expect(series?.points.map(({ value }) => value)).toEqual(values)
})

test('exemplars lead to traces', async () => {
  const { source, asked } = await prometheus('exemplars')

  const exemplars = await source.exemplars(metrics.checkoutDuration, window, labels)

  expect(asked[0]?.searchParams.get('query')).toBe(
    'shop_checkout_duration_seconds_bucket{service_instance_id="api-recorded"}',
  )
  expect(exemplars.map(({ atMs, value, traceId }) => [atMs - baseMs, value, traceId])).toEqual([
    [3100, 0.08, '5bf0c1e2a3d4958677001122334455aa'],
    [3500, 0.92, '6e96bb7ae0de0786c6d9dc91741ecca4'],
  ])
})

test('lines come with severity, ids and attributes under their own names', async () => {
  const { url, asked } = await startAnswering(() => recorded('loki-lines.json'))

  const lines = await lokiSource(url).logs({ traceId: 'a'.repeat(32), service: 'api-recorded', window })

  expect(asked[0]?.searchParams.get('query')).toBe(`{service_name="api-recorded"} | trace_id="${'a'.repeat(32)}"`)
  expect(lines).toEqual([
    {
      ...{ atMs: baseMs + 1000.25, service: 'api-recorded', severity: 'info', body: 'order o-1 placed' },
      ...{ traceId: '5bf0c1e2a3d4958677001122334455aa', spanId: '1000000000000001' },
      attributes: { 'shop.order_id': 'o-1', 'shop.total_cents': 3250 },
    },
    {
      ...{ atMs: baseMs + 2000, service: 'api-recorded', severity: 'warn' },
      body: 'order o-2 given up: "card_declined"\nsecond line',
      ...{ traceId: '6e96bb7ae0de0786c6d9dc91741ecca4', spanId: '1000000000000002' },
      attributes: { 'error.type': 'card_declined', 'shop.sku': ['enamel-lamp'] },
    },
    {
      ...{ atMs: baseMs + 3000, service: 'api-recorded', severity: 'error', body: 'outside of any request' },
      attributes: {},
    },
  ])
})

test('more lines than one answer holds come page by page, none twice and none lost', async () => {
  const all = Array.from({ length: 12_000 }, (_, i) => [
    `${BigInt(baseMs) * 1_000_000n + BigInt(Math.floor(i / 3))}`,
    `line ${i}`,
  ])
  const { url, asked } = await startAnswering(({ searchParams }) => {
    const start = BigInt(searchParams.get('start') ?? 0)
    const values = all.filter(([time]) => BigInt(time as string) >= start).slice(0, Number(searchParams.get('limit')))
    return JSON.stringify({ data: { result: [{ stream: { service_name: 'api' }, values }] } })
  })

  const lines = await lokiSource(url).logs({ window: { fromMs: baseMs, toMs: baseMs + 1000 } })

  expect(new Set(lines.map(({ body }) => body)).size).toBe(12_000)
  expect(lines).toHaveLength(12_000)
  expect(asked[0]?.searchParams.get('query')).toBe('{service_name=~".+"}')
  expect(asked.length).toBeLessThanOrEqual(4)
})

test('what a backend refuses is told with its own words', async () => {
  const refusing = await startAnswering(({ pathname }) => ({
    status: 400,
    body: pathname.startsWith('/loki') ? recorded('loki-refusal.txt') : recorded('prometheus-refusal.json'),
  }))
  await expect(prometheusSource(refusing.url).query('sum(', window)).rejects.toThrow(
    /Prometheus answered 400 .*unclosed left paren/s,
  )
  await expect(lokiSource(refusing.url).query('{', window)).rejects.toThrow(/Loki answered 400 .*unexpected \$end/)
})

test('backends that cannot be reached are named with what to do', async () => {
  const url = new URL(await startRefusingServer())
  await expect(prometheusSource(url).series(metrics.checkouts, {}, window)).rejects.toThrow(
    /^Prometheus at .* cannot be reached/,
  )
  await expect(lokiSource(url).logs({ window })).rejects.toThrow(
    /^Loki at .* cannot be reached .*docker compose up -d --wait/,
  )
})

test('the stack puts a trace together with its findings and the lines around it', async () => {
  const answering = await startAnswering(({ pathname }) =>
    recorded(pathname.startsWith('/loki') ? 'loki-lines.json' : 'jaeger-trace.json'),
  )
  const { url } = answering
  const source = stackSource({ traces: jaegerSource(url), prometheus: prometheusSource(url), loki: lokiSource(url) })

  const details = await source.details('5bf0c1e2a3d4958677001122334455aa')

  expect(details?.trace.spans).toHaveLength(9)
  expect(details?.logs).toHaveLength(3)
  expect(details?.findings).toBeInstanceOf(Array)
  expect(answering.asked.at(-1)?.searchParams.get('query')).toContain('5bf0c1e2a3d4958677001122334455aa')
})

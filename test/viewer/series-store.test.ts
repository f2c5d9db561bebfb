// Cumulative metrics become intervals: what happened since the point before.
import { expect, test } from 'vitest'
import type { Sample } from '../../infra/viewer/read-metrics.ts'
import { createSeriesStore } from '../../infra/viewer/series-store.ts'

const startedAtMs = 1_000_000
const sampleOf = (atMs: number, more: Partial<Sample>): Sample => ({
  metric: 'shop.checkouts',
  unit: '1',
  kind: 'counter',
  isCumulative: true,
  labels: { 'service.name': 'api' },
  instance: 'api/1',
  startMs: startedAtMs + 1,
  atMs: startedAtMs + atMs,
  value: 0,
  exemplars: [],
  ...more,
})
const storeOf = (...samples: Sample[]) => {
  const store = createSeriesStore({ maxBytes: 1024 ** 2, startedAtMs })
  for (const sample of samples) store.add(sample)
  return store
}
const valuesOf = (store: ReturnType<typeof storeOf>, metric = 'shop.checkouts') =>
  store.find({ metric, labels: {} }).map(({ points }) => points.map(({ value }) => value))

test('a cumulative counter becomes its increase in each interval', () => {
  const store = storeOf(sampleOf(5, { value: 10 }), sampleOf(10, { value: 10 }), sampleOf(15, { value: 17 }))
  expect(valuesOf(store)).toEqual([[10, 0, 7]])
})

test('a counter that was running before the viewer was there begins with its second value', () => {
  const early = { startMs: startedAtMs - 60_000 }
  const store = storeOf(sampleOf(5, { ...early, value: 9_000 }), sampleOf(10, { ...early, value: 9_004 }))
  expect(valuesOf(store)).toEqual([[4]])
})

test('a new label on a known metric counts from zero, although its process is old', () => {
  const early = { startMs: startedAtMs - 60_000 }
  const declined = { ...early, labels: { 'service.name': 'api', 'shop.outcome': 'declined' } }
  const store = storeOf(sampleOf(5, { ...early, value: 9_000 }), sampleOf(10, { ...declined, value: 2 }))
  expect(valuesOf(store)).toEqual([[2]])
})

test('a counter that starts anew counts from zero again', () => {
  const restarted = { startMs: startedAtMs + 12 }
  const store = storeOf(
    sampleOf(5, { value: 10 }),
    sampleOf(15, { ...restarted, value: 30 }),
    sampleOf(20, { value: 3 }),
  )
  expect(valuesOf(store)).toEqual([[10, 30, 3]])
})

test('a point that arrives twice counts once', () => {
  expect(valuesOf(storeOf(sampleOf(5, { value: 10 }), sampleOf(5, { value: 10 })))).toEqual([[10]])
})

test('gauges, up-down counters and delta counters stay as they are', () => {
  expect(
    valuesOf(storeOf(sampleOf(5, { kind: 'gauge', value: 3 }), sampleOf(10, { kind: 'gauge', value: 2 }))),
  ).toEqual([[3, 2]])
  expect(
    valuesOf(storeOf(sampleOf(5, { kind: 'updown', value: 3 }), sampleOf(10, { kind: 'updown', value: 2 }))),
  ).toEqual([[3, 2]])
  const delta = { isCumulative: false, startMs: startedAtMs - 5 }
  expect(valuesOf(storeOf(sampleOf(5, { ...delta, value: 3 }), sampleOf(10, { ...delta, value: 2 })))).toEqual([[3, 2]])
})

test('a cumulative histogram becomes count, sum, mean and buckets of each interval', () => {
  const histogram = { metric: 'shop.checkout.duration', kind: 'histogram', bounds: [0.1, 0.5] } as const
  const store = storeOf(
    sampleOf(5, { ...histogram, count: 4, sum: 1, value: 0.25, counts: [3, 1, 0] }),
    sampleOf(10, { ...histogram, count: 6, sum: 3, value: 0.5, counts: [3, 2, 1] }),
    sampleOf(15, { ...histogram, count: 6, sum: 3, value: 0.5, counts: [3, 2, 1] }),
  )
  expect(store.find({ metric: histogram.metric, labels: {} })[0]?.points).toEqual([
    {
      atMs: startedAtMs + 5,
      value: 0.25,
      count: 4,
      sum: 1,
      buckets: [
        { upTo: 0.1, count: 3 },
        { upTo: 0.5, count: 1 },
        { upTo: Number.POSITIVE_INFINITY, count: 0 },
      ],
    },
    {
      atMs: startedAtMs + 10,
      value: 1,
      count: 2,
      sum: 2,
      buckets: [
        { upTo: 0.1, count: 0 },
        { upTo: 0.5, count: 1 },
        { upTo: Number.POSITIVE_INFINITY, count: 1 },
      ],
    },
  ])
})

test('series are found by exact labels and cut to the window', () => {
  const second = { labels: { 'service.name': 'payment' }, instance: 'payment/1' }
  const store = storeOf(sampleOf(5, { value: 1 }), sampleOf(10, { value: 3 }), sampleOf(5, { ...second, value: 9 }))
  const query = {
    metric: 'shop.checkouts',
    labels: { 'service.name': 'api' },
    from: startedAtMs + 10,
    to: startedAtMs + 11,
  }
  expect(store.find(query)).toMatchObject([{ labels: { 'service.name': 'api' }, points: [{ value: 2 }] }])
  expect(store.find({ ...query, labels: { 'service.name': 'ap' } })).toEqual([])
})

test('clearing forgets the points but not where the counters stand', () => {
  const store = storeOf(sampleOf(5, { value: 10 }))
  store.clear()
  expect(store.find({ metric: 'shop.checkouts', labels: {} })).toEqual([])
  store.add(sampleOf(10, { value: 12 }))
  expect(valuesOf(store)).toEqual([[2]])
})

test('the series that was silent for longest goes when memory is full, and does not come back with its past', () => {
  const store = createSeriesStore({ maxBytes: 8_000, startedAtMs })
  const named = (i: number, atMs: number, value: number) =>
    sampleOf(atMs, { value, labels: { 'service.name': `s${i}` } })
  for (let i = 1; i <= 6; i++) store.add(named(i, i, 100))
  expect(store.stats().bytes).toBeLessThanOrEqual(8_000)
  expect(store.find({ metric: 'shop.checkouts', labels: { 'service.name': 's1' } })).toEqual([])
  store.add(named(1, 10, 101))
  store.add(named(1, 15, 103))
  expect(store.find({ metric: 'shop.checkouts', labels: { 'service.name': 's1' } })[0]?.points).toMatchObject([
    { value: 2 },
  ])
})

test('when memory is full and every series still speaks, all of them lose what is oldest, and none what is newest', () => {
  const store = createSeriesStore({ maxBytes: 20_000, startedAtMs })
  const of = (i: number) => ({ metric: 'shop.checkouts', labels: { 'service.name': `s${i}` } })
  for (let round = 1; round <= 60; round++) {
    for (let i = 1; i <= 5; i++)
      store.add(sampleOf(round * 2_000, { kind: 'gauge', value: round, labels: of(i).labels }))
    const newest = [1, 2, 3, 4, 5].map((i) =>
      store
        .find(of(i))[0]
        ?.points.slice(-3)
        .map(({ value }) => value),
    )
    for (const values of newest) expect(values).toEqual([round - 2, round - 1, round].filter((value) => value > 0))
  }
  expect(store.stats()).toMatchObject({ series: 5, evicted: 0 })
  expect(store.stats().bytes).toBeLessThanOrEqual(20_000)
  // One that has been silent for a minute goes before anybody loses a point.
  for (let round = 61; round <= 120; round++)
    for (let i = 1; i <= 4; i++)
      store.add(sampleOf(round * 2_000, { kind: 'gauge', value: round, labels: of(i).labels }))
  expect(store.find(of(5))).toEqual([])
  expect(store.stats()).toMatchObject({ series: 4, evicted: 1 })
})

test('a sample older than all that is stored makes room like any other', () => {
  const store = createSeriesStore({ maxBytes: 12_000, startedAtMs })
  const gauge = (i: number, atMs: number) =>
    sampleOf(atMs, { kind: 'gauge', value: i, labels: { 'service.name': `s${i % 4}` } })
  for (let i = 0; i < 40; i++) store.add(gauge(i, 100_000 + i))
  const late = { kind: 'counter', startMs: startedAtMs - 60_000, labels: { 'service.name': 'late' } } as const
  store.add(sampleOf(1, { ...late, value: 9_000 }))
  expect(store.stats().bytes).toBeLessThanOrEqual(12_000)
})

test('a full series loses its oldest points', () => {
  const store = createSeriesStore({ maxBytes: 1024 ** 2, maxPointsPerSeries: 3, startedAtMs })
  for (let i = 1; i <= 5; i++) store.add(sampleOf(i, { kind: 'gauge', value: i }))
  expect(valuesOf(store)).toEqual([[3, 4, 5]])
})

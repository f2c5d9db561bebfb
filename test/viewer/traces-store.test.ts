// What the trace store merges, and what it forgets first.
import { expect, test } from 'vitest'
import { createTracesStore } from '../../infra/viewer/traces-store.ts'
import type { Span } from '../../services/lens/trace.ts'
import { traceIdOf } from '../helpers/traces.ts'

const spanOf = (n: number, more: Partial<Span> = {}): Span => ({
  traceId: traceIdOf(n),
  spanId: '1'.padStart(16, '0'),
  name: 'GET /',
  kind: 'server',
  service: 'api',
  startMs: 1_790_000_000_000 + n * 1000,
  endMs: 1_790_000_000_000 + n * 1000 + 50,
  status: 'unset',
  attributes: {},
  events: [],
  links: [],
  resource: {},
  ...more,
})
const slow = (n: number): Span => spanOf(n, { endMs: spanOf(n).startMs + 501 })
const roomy = { maxBytes: 1024 ** 3 }
const idsIn = (store: ReturnType<typeof createTracesStore>) =>
  store.summaries().map(({ traceId }) => Number(`0x${traceId}`))

test('late and out-of-order spans end up in one trace, by start', () => {
  const store = createTracesStore(roomy)
  const root = spanOf(1)
  const child = spanOf(1, {
    spanId: 'b'.repeat(16),
    parentSpanId: root.spanId,
    startMs: root.startMs + 10,
    service: 'payment',
  })
  const grandchild = spanOf(1, { spanId: 'c'.repeat(16), parentSpanId: child.spanId, startMs: root.startMs + 20 })

  store.add(grandchild)
  expect(store.summaries()).toMatchObject([{ spanCount: 1, isComplete: false }])
  store.add(spanOf(2))
  store.add(root)
  expect(store.summaries()[0]).toMatchObject({ spanCount: 2, isComplete: false, rootName: 'GET /' })
  store.add(child)
  expect(store.get(root.traceId)?.spans.map((span) => span.spanId)).toEqual(
    [root, child, grandchild].map((s) => s.spanId),
  )
  expect(store.summaries()[0]).toMatchObject({
    spanCount: 3,
    isComplete: true,
    services: ['api', 'payment'],
    durationMs: 50,
  })
})

test('the same span twice is kept once and costs memory once', () => {
  const store = createTracesStore(roomy)
  store.add(spanOf(1))
  const before = store.stats()
  store.add(spanOf(1))
  expect(store.stats()).toEqual(before)
})

test('oldest traces go first, slow and failed ones last', () => {
  const store = createTracesStore({ ...roomy, maxTraces: 6, reservedShare: 1 })
  store.add(slow(1))
  store.add(spanOf(2, { status: 'error' }))
  for (const n of [3, 4, 5, 6, 7, 8, 9]) store.add(spanOf(n))
  expect(idsIn(store)).toEqual([6, 7, 8, 9, 1, 2])
  expect(store.stats()).toMatchObject({ traces: 6, reserved: 2, evicted: 3 })
})

test('when all are slow, the oldest slow one goes', () => {
  const store = createTracesStore({ ...roomy, maxTraces: 3, reservedShare: 1 })
  for (const n of [1, 2, 3, 4, 5]) store.add(slow(n))
  expect(idsIn(store)).toEqual([3, 4, 5])
})

test('slow traces leave room for ordinary ones during a long incident', () => {
  const store = createTracesStore({ ...roomy, maxTraces: 10, reservedShare: 0.6 })
  for (let n = 1; n <= 40; n++) store.add(n % 2 === 0 ? slow(n) : spanOf(n))
  expect(store.stats().reserved).toBe(6)
  expect(idsIn(store)).toEqual([33, 35, 37, 39, 30, 32, 34, 36, 38, 40])
})

test('a trace becomes slow when its root arrives last', () => {
  const store = createTracesStore({ ...roomy, maxTraces: 3 })
  const root = slow(1)
  store.add(spanOf(1, { spanId: 'b'.repeat(16), parentSpanId: root.spanId }))
  expect(store.stats().reserved).toBe(0)
  store.add(root)
  expect(store.stats().reserved).toBe(1)
})

test('a root that is slower than the p99 of its name is kept although it meets the SLO', () => {
  const store = createTracesStore(roomy)
  for (let n = 1; n <= 250; n++) store.add(spanOf(n))
  expect(store.stats().reserved).toBe(0)
  store.add(spanOf(251, { endMs: spanOf(251).startMs + 200 }))
  store.add(spanOf(252, { name: 'GET /new', endMs: spanOf(252).startMs + 200 }))
  expect(store.stats().reserved).toBe(1)
})

test('the byte cap holds, whatever arrives', () => {
  const store = createTracesStore({ maxBytes: 200_000 })
  for (let n = 1; n <= 2_000; n++) {
    store.add(
      spanOf(n, { attributes: { text: 'x'.repeat((n * 37) % 3_000) }, status: n % 5 === 0 ? 'error' : 'unset' }),
    )
    expect(store.stats().bytes).toBeLessThanOrEqual(200_000)
  }
  expect(store.stats().traces).toBeGreaterThan(50)
  store.clear()
  expect(store.stats()).toMatchObject({ traces: 0, spans: 0, bytes: 0 })
})

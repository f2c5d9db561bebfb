import { expect, test } from 'vitest'
import {
  checkoutSpan,
  childIndex,
  childrenOf,
  findSpans,
  orphansOf,
  rootOf,
  selfTimeMs,
  subtreeOf,
  type Trace,
} from '../../services/lens/trace.ts'
import { client, consumer, server, span, trace } from '../helpers/traces.ts'

const only = (of: Trace, name: string) => {
  const [found] = findSpans(of, { name })
  if (found === undefined) throw new Error(`no span ${name}`)
  return found
}

test('the root is the server span without a parent, even when a skewed clock puts another parentless span first', () => {
  const made = trace(server('api', 'POST /api/checkout', 10, 100))
  const stray = trace(span('inventory', 'stray', 5, 6, [], { spanId: 'ff' })).spans
  expect(rootOf({ ...made, spans: [...stray, ...made.spans] })?.name).toBe('POST /api/checkout')
})

test('without the root the earliest span stands in for it', () => {
  const made = trace(server('api', 'root', 0, 100, [client('api', 'late', 50, 60), client('api', 'early', 10, 20)]))
  const rootless = { ...made, spans: made.spans.filter(({ name }) => name !== 'root') }
  expect(rootOf(rootless)?.name).toBe('early')
  expect(orphansOf(rootless).map(({ name }) => name)).toEqual(['early', 'late'])
})

test('an empty trace has no root', () => {
  expect(rootOf({ traceId: 'a', spans: [] })).toBeUndefined()
})

test('children come by start time', () => {
  const made = trace(server('api', 'root', 0, 100, [span('api', 'b', 50, 60), span('api', 'a', 10, 20)]))
  expect(childrenOf(made, only(made, 'root')).map(({ name }) => name)).toEqual(['a', 'b'])
})

test('self time counts overlapping children once and clips those that overflow', () => {
  const made = trace(
    server('api', 'root', 0, 100, [
      span('api', 'a', 10, 40),
      span('api', 'b', 30, 50),
      span('api', 'c', 35, 38),
      span('api', 'early', -20, 5),
      span('api', 'late', 90, 150),
      consumer('inventory', 'after', 200, 300),
    ]),
  )
  const root = only(made, 'root')
  expect(selfTimeMs(root, childrenOf(made, root))).toBe(100 - 5 - 40 - 10)
})

test('a loop of parent ids ends', () => {
  const made = trace(span('api', 'a', 0, 10, [span('api', 'b', 1, 9)]))
  const spans = made.spans.map((one) => (one.name === 'a' ? { ...one, parentSpanId: only(made, 'b').spanId } : one))
  const looped = { ...made, spans }
  expect(subtreeOf(only(looped, 'a'), childIndex(looped))).toHaveLength(2)
  expect(rootOf(looped)?.name).toBe('a')
})

test('a trace deeper than the call stack is walked', () => {
  const spans = trace(span('api', 'top', 0, 1)).spans
  const [top] = spans
  if (top === undefined) throw new Error('empty')
  const deep = Array.from({ length: 30_000 }, (_, i) => ({ ...top, spanId: `s${i}`, parentSpanId: `s${i - 1}` }))
  const made = { traceId: 'a', spans: deep }
  expect(subtreeOf(deep[0] ?? top, childIndex(made))).toHaveLength(30_000)
})

test('the checkout is the api server span, not a client span of the same name', () => {
  const made = trace(
    client('api', 'POST /api/checkout', 0, 110, [server('api', 'POST /api/checkout', 2, 100, [], { spanId: 'cc' })]),
  )
  expect(checkoutSpan(made)?.spanId).toBe('cc')
})

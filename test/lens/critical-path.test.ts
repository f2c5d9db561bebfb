import { expect, test } from 'vitest'
import { criticalPath, shareByOperation } from '../../services/lens/critical-path.ts'
import type { Trace } from '../../services/lens/trace.ts'
import { client, consumer, server, span, trace } from '../helpers/traces.ts'

/** The path as `name from–to`, with the part where it is not self. */
function pathOf(of: Trace): string[] {
  const names = new Map(of.spans.map(({ spanId, name }) => [spanId, name]))
  return criticalPath(of).map(
    ({ spanId, fromMs, toMs, part }) => `${names.get(spanId)} ${fromMs}–${toMs}${part === 'self' ? '' : ` ${part}`}`,
  )
}

test('a span without children is its own path', () => {
  expect(pathOf(trace(server('api', 'root', 0, 100)))).toEqual(['root 0–100'])
})

test('sequential children are all on it, with the root in the gaps', () => {
  const made = trace(server('api', 'root', 0, 100, [span('api', 'a', 10, 30), span('api', 'b', 40, 90)]))
  expect(pathOf(made)).toEqual(['root 0–10', 'a 10–30', 'root 30–40', 'b 40–90', 'root 90–100'])
})

test('of parallel children only the one that finished last is on it', () => {
  const made = trace(server('api', 'root', 0, 100, [span('api', 'short', 10, 50), span('api', 'long', 10, 90)]))
  expect(pathOf(made)).toEqual(['root 0–10', 'long 10–90', 'root 90–100'])
})

test('a child that overlaps the start of the last-finishing one did not hold it up', () => {
  const made = trace(server('api', 'root', 0, 100, [span('api', 'a', 10, 60), span('api', 'b', 40, 90)]))
  expect(pathOf(made)).toEqual(['root 0–40', 'b 40–90', 'root 90–100'])
})

test('an overlap of less than a millisecond is clock noise between sequential children', () => {
  const made = trace(server('api', 'root', 0, 100, [span('api', 'a', 10, 40.5), span('api', 'b', 40, 90)]))
  expect(pathOf(made)).toEqual(['root 0–10', 'a 10–40', 'b 40–90', 'root 90–100'])
})

test('goes down into the child of the child', () => {
  const made = trace(
    server('api', 'root', 0, 100, [span('api', 'a', 10, 90, [span('api', 'aa', 20, 50), span('api', 'ab', 60, 90)])]),
  )
  expect(pathOf(made)).toEqual(['root 0–10', 'a 10–20', 'aa 20–50', 'a 50–60', 'ab 60–90', 'root 90–100'])
})

test('a child that overflows is cut at the end of its parent, and so is what is below it', () => {
  const made = trace(
    server('api', 'root', 0, 100, [
      span('api', 'a', 10, 150, [span('api', 'below', 20, 140), span('api', 'out', 120, 130)]),
    ]),
  )
  expect(pathOf(made)).toEqual(['root 0–10', 'a 10–20', 'below 20–100'])
})

test('a child outside its parent is not on it', () => {
  const made = trace(server('api', 'root', 0, 100, [span('api', 'after', 120, 150), span('api', 'instant', 50, 50)]))
  expect(pathOf(made)).toEqual(['root 0–100'])
})

test('a queue consumer is not on it, whether it runs after the root or starts before the root ends', () => {
  const made = trace(
    server('api', 'root', 0, 100, [
      span('api', 'send', 80, 85, [consumer('inventory', 'confirm', 300, 400)], { kind: 'producer' }),
      consumer('payment', 'capture', 90, 400),
    ]),
  )
  expect(pathOf(made)).toEqual(['root 0–80', 'send 80–85', 'root 85–100'])
})

test('the gaps of a client span around its server span are labelled', () => {
  const made = trace(
    server('api', 'root', 0, 100, [client('api', 'call', 10, 90, [server('inventory', 'serve', 60, 85)])]),
  )
  expect(pathOf(made)).toEqual([
    'root 0–10',
    'call 10–60 before-server',
    'serve 60–85',
    'call 85–90 after-server',
    'root 90–100',
  ])
})

test('a client span without a server span has only self time', () => {
  const made = trace(server('payment', 'root', 0, 100, [client('payment', 'bank', 10, 90)]))
  expect(pathOf(made)).toEqual(['root 0–10', 'bank 10–90', 'root 90–100'])
})

test('a server whose clock is ahead of its client is cut to the client', () => {
  const made = trace(
    server('api', 'root', 0, 100, [client('api', 'call', 10, 90, [server('inventory', 'serve', 5, 80)])]),
  )
  expect(pathOf(made)).toEqual(['root 0–10', 'serve 10–80', 'call 80–90 after-server', 'root 90–100'])
})

test('without the root the path is that of the earliest span', () => {
  const made = trace(server('api', 'root', 0, 100, [client('api', 'first', 10, 40), client('api', 'second', 50, 90)]))
  const rootless = { ...made, spans: made.spans.filter(({ name }) => name !== 'root') }
  expect(pathOf(rootless)).toEqual(['first 10–40'])
})

test('an empty trace has an empty path', () => {
  expect(criticalPath({ traceId: 'a', spans: [] })).toEqual([])
})

test('segments neither overlap nor leave a hole, whatever the spans look like', () => {
  let state = 7
  const random = () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  const some = (depth: number): ReturnType<typeof span>[] =>
    Array.from({ length: depth === 0 ? 0 : 4 }, () => {
      const startMs = random() * 100
      return client('api', 'some', startMs, startMs + random() * 60, some(depth - 1))
    })
  for (let i = 0; i < 50; i++) {
    const segments = criticalPath(trace(server('api', 'root', 0, 100, some(3))))
    let reachedMs = 0
    for (const { fromMs, toMs } of segments) {
      expect(fromMs).toBe(reachedMs)
      expect(toMs).toBeGreaterThan(fromMs)
      reachedMs = toMs
    }
    expect(reachedMs).toBe(100)
  }
})

test('ten thousand siblings and thirty thousand levels take no more than a moment', () => {
  const wide = trace(
    server(
      'api',
      'root',
      0,
      10_000,
      Array.from({ length: 10_000 }, (_, i) => span('api', 's', i, i + 1)),
    ),
  )
  expect(criticalPath(wide)).toHaveLength(10_000)
  const [top] = wide.spans
  if (top === undefined) throw new Error('empty')
  const deep = Array.from({ length: 30_000 }, (_, i) => ({
    ...top,
    spanId: `s${i}`,
    ...(i > 0 ? { parentSpanId: `s${i - 1}` } : {}),
  }))
  expect(criticalPath({ traceId: 'a', spans: deep })).toHaveLength(1)
})

test('shares add up by service, name and part, largest first', () => {
  const made = trace(
    server('api', 'root', 0, 100, [
      client('api', 'call', 10, 40, [server('pricing', 'serve', 15, 40)]),
      client('api', 'call', 50, 90, [server('pricing', 'serve', 55, 90)]),
    ]),
  )
  expect(shareByOperation(criticalPath(made), made)).toEqual([
    { service: 'pricing', name: 'serve', part: 'self', ms: 60, share: 0.6 },
    { service: 'api', name: 'root', part: 'self', ms: 30, share: 0.3 },
    { service: 'api', name: 'call', part: 'before-server', ms: 10, share: 0.1 },
  ])
})

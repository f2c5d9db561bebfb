// Lines counted by what they say apart from their numbers, and the newest of those that somebody wants.
import { expect, test } from 'vitest'
import { type FoundLogs, findLogs, patternsOf } from '../../infra/viewer/log-patterns.ts'
import { createLogsStore } from '../../infra/viewer/logs-store.ts'
import { idFor } from '../helpers/checkouts.ts'
import { logLine } from '../helpers/traces.ts'
import { startViewer } from '../helpers/viewer.ts'

const traceId = idFor(1)
const lines = [
  logLine(1, 'order 17 placed in 12.5 ms', { traceId }),
  logLine(2, 'order 18 placed in 9 ms'),
  logLine(3, `asked ${'ab'.repeat(16)} again`, { service: 'payment', severity: 'warn' }),
  logLine(4, 'order 19 placed in 700 ms', { service: 'inventory', severity: 'error', traceId }),
]

test('lines that differ only in their numbers are one pattern, most frequent first', () => {
  const { patterns } = patternsOf(lines)
  expect(patterns).toEqual([
    { says: 'order … placed in … ms', count: 3, withTrace: 2, services: ['api', 'inventory'], severity: 'error' },
    { says: 'asked … again', count: 1, withTrace: 0, services: ['payment'], severity: 'warn' },
  ])
})

test('a pattern chooses lines, not patterns', () => {
  const { patterns, matching } = patternsOf(lines, 'asked … again')
  expect(patterns).toHaveLength(2)
  expect(matching.map(({ atMs }) => atMs)).toEqual([3])
})

test('lines come newest first, no more than asked for, and only from a severity on', () => {
  const store = createLogsStore({ maxBytes: 1024 ** 2 })
  for (const line of lines) store.add(line)
  store.add(logLine(5, 'who knows', { severity: 'notice' }))
  const ask = (more: object) => findLogs(store, { limit: 2, minSeverity: undefined, ...more } as never)
  expect(ask({})).toMatchObject({ kept: 5, counted: 5, total: 5, patternCount: 3, isCut: false })
  expect(ask({}).lines.map(({ atMs }) => atMs)).toEqual([5, 4])
  expect(ask({ minSeverity: 'warn' }).lines.map(({ atMs }) => atMs)).toEqual([4, 3])
  expect(ask({ minSeverity: 'info' }).total).toBe(5)
  expect(ask({ pattern: 'order … placed in … ms', service: 'api' }).lines.map(({ atMs }) => atMs)).toEqual([2, 1])
})

test('patterns are those of the newest 20,000 lines, and 100 at most are listed', () => {
  const store = createLogsStore({ maxBytes: 1024 ** 3, maxLinesPerService: 30_000 })
  store.add(logLine(0, 'the very first'))
  for (let n = 1; n <= 20_000; n++) store.add(logLine(n, `${'x'.repeat(n % 150)}: ${n}`))
  const found = findLogs(store, { limit: 1000 } as never)
  expect(found).toMatchObject({ kept: 20_001, counted: 20_000, isCut: true, patternCount: 150, total: 20_000 })
  expect([found.patterns.length, found.lines.length]).toEqual([100, 1000])
  expect(found.patterns.some(({ says }) => says === 'the very first')).toBe(false)
})

test('over HTTP the filters and the pattern are taken together', async () => {
  const viewer = await startViewer()
  await viewer.sendLogs(lines, 1_790_000_000_000)
  const ask = async (query: Record<string, string>) =>
    (await viewer.get<FoundLogs>(`/api/log-patterns?${new URLSearchParams(query)}`)).body
  const all = await ask({ pattern: 'order … placed in … ms' })
  expect(all).toMatchObject({ kept: 4, services: ['api', 'inventory', 'payment'], counted: 4, total: 3 })
  expect(all.lines[0]).toMatchObject({ service: 'inventory', traceId })
  expect(await ask({ text: 'AGAIN', minSeverity: 'warn' })).toMatchObject({ counted: 1, total: 1, patternCount: 1 })
  expect(await ask({ service: 'bank' })).toMatchObject({ kept: 4, counted: 0, patterns: [], lines: [] })
})

test.for([
  ['limit=1001', 'limit is "1001": expected at most 1000'],
  ['minSeverity=loud', 'minSeverity is "loud": expected trace or debug or info or warn or error or fatal'],
  ['text=', 'text is "": expected some text'],
  ['severity=warn', 'severity is not known here'],
])('a bad question is answered with a sentence: %s', async ([query, message]) => {
  const viewer = await startViewer()
  expect(await viewer.get(`/api/log-patterns?${query}`)).toEqual({
    status: 400,
    body: { code: 'invalid_request', message },
  })
})

// What the log store finds, and whose lines it forgets.
import { expect, test } from 'vitest'
import { createLogsStore } from '../../infra/viewer/logs-store.ts'
import { logLine, traceIdOf } from '../helpers/traces.ts'

test('lines are found by trace, service, severity, text and time, oldest first', () => {
  const store = createLogsStore({ maxBytes: 1024 ** 2 })
  store.add(logLine(300, 'third', { service: 'postgres', severity: 'warn' }))
  store.add(logLine(100, 'First', { traceId: traceIdOf(1) }))
  store.add(logLine(200, 'second', { traceId: traceIdOf(1), service: 'payment' }))
  const bodies = (query: object) => store.find({ limit: 10, ...query }).map(({ body }) => body)
  expect(bodies({})).toEqual(['First', 'second', 'third'])
  expect(bodies({ traceId: traceIdOf(1) })).toEqual(['First', 'second'])
  expect(bodies({ traceId: traceIdOf(1), service: 'payment' })).toEqual(['second'])
  expect(bodies({ service: 'postgres' })).toEqual(['third'])
  expect(bodies({ severity: 'warn' })).toEqual(['third'])
  expect(bodies({ text: 'FIRST' })).toEqual(['First'])
  expect(bodies({ from: 100, to: 300 })).toEqual(['First', 'second'])
  expect(bodies({ limit: 1 })).toEqual(['third'])
})

test('a service has a cap of its own', () => {
  const store = createLogsStore({ maxBytes: 1024 ** 2, maxLinesPerService: 3 })
  store.add(logLine(0, 'quiet', { service: 'postgres', traceId: traceIdOf(9) }))
  for (let i = 1; i <= 5; i++) store.add(logLine(i, `chatty ${i}`, { traceId: traceIdOf(i) }))
  expect(store.find({ limit: 10 }).map(({ body }) => body)).toEqual(['quiet', 'chatty 3', 'chatty 4', 'chatty 5'])
  expect(store.find({ traceId: traceIdOf(1), limit: 10 })).toEqual([])
  expect(store.stats()).toMatchObject({ lines: 4, evicted: 2 })
})

test('the service that takes most memory loses its lines, and the byte cap holds', () => {
  const store = createLogsStore({ maxBytes: 50_000 })
  for (let i = 0; i < 20; i++) store.add(logLine(i, 'quiet', { service: 'postgres' }))
  for (let i = 0; i < 5_000; i++) {
    store.add(logLine(i, 'chatty'.repeat(20), { traceId: traceIdOf(i % 7) }))
    expect(store.stats().bytes).toBeLessThanOrEqual(50_000)
  }
  expect(store.find({ service: 'postgres', limit: 100 })).toHaveLength(20)
  expect(store.find({ traceId: traceIdOf(3), limit: 10_000 }).length).toBeLessThan(50)
})

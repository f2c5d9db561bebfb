import { expect, test } from 'vitest'
import { loadConfig } from '../../services/kit/config.ts'
import { WorkshopConfig } from '../../services/workshop/config.ts'
import { tracePages } from '../../services/workshop/trace-pages.ts'

const traceId = '5344761f97fc94d0e2823c4c5b823a5d'
const urlWith = (env: Record<string, string>) =>
  tracePages(loadConfig(WorkshopConfig, { FLAGS_FILE: 'flags.json', ...env }))(traceId, 1_900_000_000_000.4)

test('a trace is opened in the viewer, under a name that a browser takes', () => {
  expect(urlWith({})).toBe(`http://localhost:4318/trace/${traceId}`)
  expect(urlWith({ PORT_BASE: '100' })).toBe(`http://localhost:4418/trace/${traceId}`)
  expect(urlWith({ VIEWER_URL: 'http://127.0.0.1:5000' })).toBe(`http://localhost:5000/trace/${traceId}`)
})

test('in the stack it is opened by what stores traces there, at the port that is published', () => {
  const stack = { SOURCE: 'stack' }
  expect(urlWith({ ...stack, TRACES_BACKEND: 'jaeger' })).toBe(`http://localhost:16686/trace/${traceId}`)
  expect(urlWith({ ...stack, TRACES_BACKEND: 'zipkin', TRACE_PAGES_URL: 'http://localhost:9511' })).toBe(
    `http://localhost:9511/zipkin/traces/${traceId}`,
  )
  const explore = new URL(urlWith({ ...stack, TRACE_PAGES_URL: 'http://localhost:3100' }))
  expect(`${explore.origin}${explore.pathname}`).toBe('http://localhost:3100/explore')
  expect(JSON.parse(explore.searchParams.get('left') ?? '')).toEqual({
    datasource: 'tempo',
    queries: [{ refId: 'A', datasource: { type: 'tempo', uid: 'tempo' }, queryType: 'traceql', query: traceId }],
    range: { from: '1899999700000', to: '1900000300000' },
  })
})

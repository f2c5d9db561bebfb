// `--source viewer|stack`: the same commands on either, and the queries of the evidence run where they are written for.
import { expect, test } from 'vitest'
import { loadConfig } from '../../services/kit/config.ts'
import { CliConfig, stackOf } from '../../services/workshop/config.ts'
import { openTelemetry } from '../../services/workshop/telemetry.ts'
import { recorded, startAnswering } from '../helpers/recorded.ts'
import { runSlow } from '../helpers/run-slow.ts'

const traceId = '5bf0c1e2a3d4958677001122334455aa'

async function startStack(backend: 'jaeger' | 'tempo', refused = '') {
  const server = await startAnswering(({ pathname, searchParams }) => {
    if (refused !== '' && searchParams.get('query')?.includes(refused))
      return { status: 400, body: 'parse error at col 7' }
    if (pathname === '/api/search') return recorded('tempo-search.json')
    if (pathname === '/api/metrics/query_range') return '{"series":[{},{}]}'
    if (pathname.startsWith('/api/v2/traces/')) return recorded('tempo-trace.json')
    if (pathname.startsWith('/api/v3/traces')) return recorded('jaeger-trace.json')
    return recorded(pathname.startsWith('/loki') ? 'loki-lines.json' : 'prometheus-histogram.json')
  })
  const url = server.url.href
  return { asked: server.asked, env: { PROMETHEUS_URL: url, LOKI_URL: url, TRACES_URL: url, TRACES_BACKEND: backend } }
}

test.each(['jaeger', 'tempo'] as const)('a trace is printed from %s, by id and as the slowest', async (backend) => {
  const { env } = await startStack(backend)
  for (const args of [[traceId], ['--slowest']]) {
    const { code, stdout } = await runSlow(['trace', ...args, '--source', 'stack'], env)
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/lock stock.*order o-1 placed/s) })
  }
})

test('every query that evidence has to paste runs on the backend it is written for', async () => {
  const { asked, env } = await startStack('tempo')
  const { code, stdout } = await runSlow(['verify', 'hot-product', '--paste', '--source', 'stack'], env)
  expect(code).toBe(0)
  for (const language of ['PromQL', 'TraceQL', 'LogQL'])
    expect(stdout).toMatch(new RegExp(`^  ✓ ${language} +\\d+ found: `, 'm'))
  expect(stdout).not.toMatch(/✗|not run/)
  const paths = new Set(asked.map(({ pathname }) => pathname))
  expect(paths).toEqual(
    new Set(['/api/v1/query_range', '/api/search', '/api/metrics/query_range', '/loki/api/v1/query_range']),
  )
})

test('TraceQL is left out where only Jaeger is, and a refused query ends with 1', async () => {
  const { env } = await startStack('jaeger', 'still waiting for')
  const { code, stdout } = await runSlow(['verify', 'hot-product', '--paste', '--source', 'stack'], env)
  expect(code).toBe(1)
  expect(stdout).toMatch(/^ {2}- TraceQL {2}not run: only Tempo understands it: /m)
  expect(stdout).toMatch(/^ {2}✗ LogQL {4}Loki answered 400 .*parse error at col 7: \{service_name="postgres"\}/m)
})

test('backends are found by name inside the stack, and on this machine outside', () => {
  const hrefs = (env: Record<string, string>) => {
    const { backend, traces, prometheus, loki } = stackOf(loadConfig(CliConfig, env))
    return [backend, traces.href, prometheus.href, loki.href]
  }
  expect(hrefs({})).toEqual(['tempo', 'http://127.0.0.1:3200/', 'http://127.0.0.1:9090/', 'http://127.0.0.1:3100/'])
  expect(hrefs({ SOURCE: 'stack', TRACES_BACKEND: 'zipkin' })).toEqual([
    'zipkin',
    'http://zipkin:9411/',
    'http://prometheus:9090/',
    'http://loki:3100/',
  ])
  expect(hrefs({ SOURCE: 'stack', TRACES_URL: 'http://t:1' })[1]).toBe('http://t:1/')
  expect(() => loadConfig(CliConfig, { TRACES_BACKEND: 'tmpo' })).toThrow(
    /TRACES_BACKEND is "tmpo": expected tempo, jaeger or zipkin/,
  )
})

test('the stack counts checkouts in the histogram', async () => {
  const { env } = await startStack('jaeger')
  const stack = openTelemetry('stack', loadConfig(CliConfig, env))
  const baseMs = 1795512277000
  expect(await stack.count(baseMs + 1000, baseMs + 8001)).toEqual({ checkouts: 8, slow: 1 })
})

import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { viewerSource } from '../../services/lens/sources/viewer.ts'
import { logLine, server, trace, traceIdOf } from '../helpers/traces.ts'

type Answer = { status?: number; body: unknown }

/** A server that answers from a function and remembers what it was asked. */
async function startAnswering(answer: (request: IncomingMessage, body: string) => Answer) {
  const asked: string[] = []
  const running = createServer(async (request, response) => {
    const body = (await request.toArray()).join('')
    asked.push(`${request.method} ${request.url}`)
    const { status = 200, body: answered } = answer(request, body)
    response.writeHead(status).end(typeof answered === 'string' ? answered : JSON.stringify(answered))
  })
  await new Promise<void>((resolve) => running.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void running.close())
  return { url: new URL(`http://127.0.0.1:${(running.address() as AddressInfo).port}`), asked }
}

const window = { fromMs: 1000, toMs: 2000 }
const made = trace(server('api', 'root', 0, 10), traceIdOf(1))

test('a trace comes by id, and is undefined when the viewer does not have it', async () => {
  const viewer = await startAnswering(({ url }) =>
    url?.endsWith(traceIdOf(1))
      ? { body: { trace: made, criticalPath: [], findings: [], logs: [], blockedBy: [] } }
      : { status: 404, body: { code: 'not_found' } },
  )
  const source = viewerSource(viewer.url)
  expect(await source.trace(traceIdOf(1))).toEqual(made)
  expect(await source.trace(traceIdOf(2))).toBeUndefined()
  expect((await source.details(traceIdOf(1)))?.findings).toEqual([])
})

test('many traces come in lookups of a hundred, those that are missing left out', async () => {
  const viewer = await startAnswering((_, body) => {
    const { ids } = JSON.parse(body) as { ids: string[] }
    return { body: { traces: ids.filter((id) => id !== traceIdOf(3)).map((traceId) => ({ ...made, traceId })) } }
  })
  const found = await viewerSource(viewer.url).traces(Array.from({ length: 250 }, (_, i) => traceIdOf(i)))
  expect(found.size).toBe(249)
  expect(found.has(traceIdOf(3))).toBe(false)
  expect(viewer.asked).toEqual(Array(3).fill('POST /api/traces/lookup'))
})

test('logs, series and searches ask for their window', async () => {
  const line = logLine(1500, 'hello')
  const series = { metric: 'shop.checkouts', labels: { a: 'b' }, points: [] }
  const viewer = await startAnswering(({ url }) => ({
    body: url?.startsWith('/api/logs')
      ? { logs: [line] }
      : url?.startsWith('/api/series')
        ? { series: [series] }
        : { traces: [] },
  }))
  const source = viewerSource(viewer.url)
  expect(await source.logs({ service: 'postgres', window })).toEqual([line])
  expect(await source.series('shop.checkouts', { 'service.name': 'api' }, window)).toEqual([series])
  expect(await source.search({ sort: 'slowest', limit: 1 })).toEqual([])
  expect(viewer.asked).toEqual([
    'GET /api/logs?service=postgres&from=1000&to=2000&limit=50000',
    'GET /api/series?metric=shop.checkouts&label.service.name=api&from=1000&to=2000',
    'GET /api/traces?sort=slowest&limit=1',
  ])
})

test('a viewer that is not there is named with what to do', async () => {
  const viewer = await startAnswering(() => ({ body: {} }))
  const url = new URL('http://127.0.0.1:9')
  await expect(viewerSource(url).logs({ window })).rejects.toThrow(
    /^The viewer at http:\/\/127\.0\.0\.1:9 cannot be reached \(.*\/api\/logs.*`npm start` starts it\.$/,
  )
  expect(viewer.asked).toEqual([])
})

test('a viewer that stops in the middle of an answer was not reached', async () => {
  const half = createServer((_, response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('{"logs":[', () => response.destroy())
  })
  await new Promise<void>((resolve) => half.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void half.close())
  const url = new URL(`http://127.0.0.1:${(half.address() as AddressInfo).port}`)
  await expect(viewerSource(url).logs({ window })).rejects.toThrow(/cannot be reached/)
})

test.for([
  ['an error', { status: 503, body: 'too busy' }, /The viewer answered 503 to .*: too busy/],
  ['no such page', { status: 404, body: 'Not Found' }, /does not exist; is something else on that port\?/],
  ['another shape', { body: { lines: [] } }, /is not what a viewer answers/],
  ['elements of another shape', { body: { logs: [{ text: 'x' }] } }, /expected an object with atMs, service, body/],
  ['a web page', { body: '<html>' }, /is not what a viewer answers/],
] as const)('%s becomes a sentence', async ([, answer, sentence]) => {
  const viewer = await startAnswering(() => answer)
  await expect(viewerSource(viewer.url).logs({ window })).rejects.toThrow(sentence)
})

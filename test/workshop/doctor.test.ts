// The doctor on labs and stacks that are well, ill in one place, or not there at all.
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { ports } from '../../services/kit/ports.ts'
import { metrics } from '../../services/kit/telemetry/names.ts'
import { clocks } from '../../services/workshop/doctor/clocks.ts'
import { containers } from '../../services/workshop/doctor/machine.ts'
import { nanos, pairs } from '../helpers/otlp.ts'
import { openTestDatabase } from '../helpers/postgres.ts'
import { startAnswering } from '../helpers/recorded.ts'
import { runSlow } from '../helpers/run-slow.ts'
import { client, logLine, server, trace, traceIdOf } from '../helpers/traces.ts'
import { startViewer } from '../helpers/viewer.ts'
import { startHealth, startWorkshop } from '../helpers/workshop.ts'

const checkout = trace(server('api', 'POST /api/checkout', 0, 80, [client('api', 'POST', 10, 60)]), traceIdOf(7))
const checkoutPoint = (nowMs: number) => ({
  resourceMetrics: [
    {
      resource: { attributes: pairs({ 'service.name': 'api', 'service.instance.id': 'api-1' }) },
      scopeMetrics: [
        {
          metrics: [
            {
              ...{ name: metrics.checkoutDuration, unit: 's' },
              histogram: {
                aggregationTemporality: 1,
                dataPoints: [
                  { timeUnixNano: nanos(nowMs), count: '3', sum: 0.3, bucketCounts: ['3', '0'], explicitBounds: [1] },
                ],
              },
            },
          ],
        },
      ],
    },
  ],
})

/** A viewer with a checkout of ten seconds ago in all three pillars. */
async function startFedViewer() {
  const viewer = await startViewer({ startedAtMs: Date.now() - 60_000 })
  const agoMs = Date.now() - 10_000
  await viewer.sendSpans(checkout.spans, agoMs)
  await viewer.sendLogs([logLine(5, 'order placed', { traceId: traceIdOf(7) })], agoMs)
  await viewer.sendMetrics(checkoutPoint(Date.now() - 1000))
  return viewer
}

const healthy = (name: string) => startHealth(name, () => ({ status: 'ok' }))
const listOf = (instances: { name: string; healthUrl: string }[]) =>
  instances.map(({ name, healthUrl }) => `${name}=${healthUrl}`).join(',')

test('all is well: a line each, and 0', async () => {
  const database = await openTestDatabase()
  const viewer = await startFedViewer()
  const workshop = await startWorkshop()
  const env = {
    ...{ VIEWER_URL: viewer.url, WORKSHOP_URL: workshop.url, AUDIT_DATABASE_URL: database.url('auditor') },
    SERVICE_URLS: listOf([await healthy('api'), await healthy('payment-2')]),
  }

  const { code, stdout, stderr } = await runSlow(['doctor'], env)

  expect(stdout).not.toContain('✗')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  for (const line of [
    /^✓ workshop {4}answers at /m,
    /^✓ api {9}healthy at .* \(\d+ ms\)$/m,
    /^✓ payment-2 {3}healthy/m,
    /^✓ flags {7}read by inventory$/m,
    /^✓ viewer {6}answers at .* holds 1 traces, 1 lines, 1 series/m,
    new RegExp(`^✓ traces {6}checkout ${traceIdOf(7)}: 2 spans of api$`, 'm'),
    /^✓ logs {8}1 lines carry that trace id$/m,
    /^✓ metrics {5}shop.checkout.duration counted 3 checkouts/m,
    /^✓ clocks {6}agree: \d compared, database \+?-?\d+ ms$/m,
    /^✓ telemetry {3}the newest metric is \d\.\d s old$/m,
    /^✓ disk {8}\d+\.\d GiB free$/m,
  ])
    expect(stdout).toMatch(line)
})

test('what is ill is named with its fix, and ends with 1', async () => {
  const viewer = await startViewer()
  const failing = createServer((_, response) => response.writeHead(503).end()).listen(0, '127.0.0.1')
  onTestFinished(() => void failing.close())
  await new Promise((listening) => failing.once('listening', listening))
  const failingUrl = `http://127.0.0.1:${(failing.address() as AddressInfo).port}/healthz`
  const env = { VIEWER_URL: viewer.url, SERVICE_URLS: `api=${failingUrl},pricing=http://127.0.0.1:9/healthz` }

  const { code, stdout } = await runSlow(['doctor'], env)

  expect(code).toBe(1)
  for (const line of [
    /^✗ workshop {4}The workshop at http:\/\/127.0.0.1:9 cannot be reached.*Fix: start the lab with npm start/m,
    /^✗ api {9}http:.*answers 503\. Fix: /m,
    /^✗ pricing {5}http:\/\/127.0.0.1:9\/healthz .*\. Fix: /m,
    /^✗ traces {6}the viewer has no trace of POST \/api\/checkout of the last minute\. Fix: is there traffic/m,
    /^✗ metrics {5}shop.checkout.duration counted nothing in the last minute\. Fix: /m,
    /^✗ database {4}.*\. Fix: is Postgres up/m,
  ])
    expect(stdout).toMatch(line)
})

test('where nothing runs it says how to start, and which port somebody else has', async () => {
  // Below the ports that the system hands out.
  const base = 20_000 + (process.pid % 8_000)
  const port = base + ports.viewer
  const squatter = createTcpServer().listen(port, '127.0.0.1')
  await new Promise((listening) => squatter.once('listening', listening))
  onTestFinished(() => void squatter.close())
  const { code, stdout } = await runSlow(['doctor'], { PORT_BASE: String(base) })
  expect(code).toBe(1)
  expect(stdout).toMatch(/^✗ lab {9}neither a lab .* nor a stack .* answers\. Fix: npm start, or docker compose up/m)
  expect(stdout).toMatch(new RegExp(`^✗ ports {7}somebody else listens on ${port} \\(viewer\\)\\. Fix:`, 'm'))
})

/** A stack of which every program listens at one address. */
async function startStack(broken: Record<string, { status: number; body: string }> = {}) {
  const nowMs = Date.now()
  const series = (suffix: string, values: [number, string][], labels = {}) => ({
    metric: { __name__: `shop_checkout_duration_seconds_${suffix}`, service_name: 'api', ...labels },
    values: values.map(([agoMs, value]) => [(nowMs - agoMs) / 1000, value]),
  })
  const histogram = [
    series('count', [[9000, '5'], [3000, '9']]),
    series('sum', [[9000, '0.5'], [3000, '0.9']]),
    series('bucket', [[9000, '5'], [3000, '9']], { le: '+Inf' }),
  ] // biome-ignore format: one line each
  const root = {
    ...{ traceId: traceIdOf(7), spanId: '0000000000000001', name: 'POST /api/checkout', kind: 2 },
    ...{ startTimeUnixNano: nanos(nowMs - 10_000), endTimeUnixNano: nanos(nowMs - 9_900) },
  }
  const group = { resource: { attributes: pairs({ 'service.name': 'api' }) }, scopeSpans: [{ spans: [root] }] }
  const answers: Record<string, unknown> = {
    '/': { status: 'Server available' },
    '/-/ready': 'Prometheus Server is Ready.',
    '/ready': 'ready',
    '/api/services': { data: ['api'] },
    '/api/v3/traces': { result: { resourceSpans: [group] } },
    [`/api/v3/traces/${traceIdOf(7)}`]: { result: { resourceSpans: [group] } },
    '/api/v1/query': { data: { result: histogram } },
    '/loki/api/v1/query_range': {
      data: { result: [{ stream: { service_name: 'api' }, values: [[nanos(nowMs - 9_950), 'order placed']] }] },
    },
  }
  const { url } = await startAnswering(({ pathname }) => {
    const answer = answers[pathname]
    return broken[pathname] ?? (answer === undefined ? undefined : JSON.stringify(answer))
  })
  const names = ['PROMETHEUS_URL', 'LOKI_URL', 'TRACES_URL', 'COLLECTOR_URL']
  return { ...Object.fromEntries(names.map((name) => [name, url.href])), TRACES_BACKEND: 'jaeger' }
}

test('inside a stack every backend is asked, and the engine is left alone', async () => {
  const database = await openTestDatabase()
  const workshop = await startWorkshop()
  const inside = {
    ...{ SOURCE: 'stack', WORKSHOP_URL: workshop.url, AUDIT_DATABASE_URL: database.url('auditor') },
    ...{ SERVICE_URLS: listOf([await healthy('api')]), GRAFANA_URL: 'http://grafana.invalid:3000' },
  }

  const { code, stdout } = await runSlow(['doctor'], { ...(await startStack()), ...inside })

  expect(stdout).not.toContain('✗')
  expect(code).toBe(0)
  for (const name of ['collector', 'prometheus', 'loki', 'jaeger'])
    expect(stdout).toMatch(new RegExp(`^✓ ${name} +ready at `, 'm'))
  expect(stdout).toMatch(/^- engine {6}not visible from inside a container/m)
  expect(stdout).toMatch(/^- grafana {5}does not run here/m)
  expect(stdout).toMatch(/^✓ metrics {5}.*counted 4 checkouts/m)
})

test('a backend that is not ready says so itself, with the command that helps', async () => {
  const stack = await startStack({ '/ready': { status: 503, body: 'Ingester not ready: waiting for 1s\n' } })
  const { code, stdout } = await runSlow(['doctor', '--source', 'stack'], stack)
  expect(code).toBe(1)
  expect(stdout).toMatch(
    /^✗ loki {8}http.*\/ready answers 503: Ingester not ready: waiting for 1s\. Fix: docker compose up -d --wait loki/m,
  )
})

test('an unknown source is bad usage', async () => {
  expect(await runSlow(['doctor', '--source', 'tempo'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/choices are viewer, stack/),
  })
})

const host = { kind: 'stack', isInside: false } as const
const container = (Service: string, State: string, more = {}) =>
  JSON.stringify({ Service, State, Health: '', ExitCode: 0, ...more })
const dockerWith =
  (...lines: string[]) =>
  async (args: string[]) =>
    args[0] === 'version' ? '29.1.0\n' : lines.join('\n')

test('containers are well when they run or have ended as they should', async () => {
  const docker = dockerWith(
    container('api', 'running', { Health: 'healthy' }),
    container('loki', 'running'),
    container('migrate', 'exited'),
  )
  expect(await containers(host, docker)).toEqual([
    { about: 'engine', state: 'well', says: 'Docker 29.1.0' },
    { about: 'containers', state: 'well', says: '3 of 3 as they should be' },
  ])
})

test('containers that are not are named with their logs', async () => {
  const docker = dockerWith(
    container('api', 'running', { Health: 'unhealthy' }),
    container('migrate', 'exited', { ExitCode: 1 }),
  )
  expect((await containers(host, docker)).slice(1)).toEqual([
    expect.objectContaining({ about: 'api', state: 'ill', says: 'container is running, unhealthy' }),
    expect.objectContaining({
      about: 'migrate',
      says: 'container is exited with 1',
      fix: expect.stringContaining('docker compose logs migrate'),
    }),
  ])
})

test('no engine, no containers and a container of one’s own are notes', async () => {
  const none = () => Promise.reject(new Error('no docker'))
  expect(await containers(host, none)).toMatchObject([
    { state: 'note', says: expect.stringMatching(/no Docker engine/) },
  ])
  expect(await containers(host, dockerWith())).toMatchObject([
    { state: 'well' },
    { state: 'note', says: 'none of this project' },
  ])
  expect(await containers({ ...host, isInside: true }, none)).toMatchObject([{ state: 'note' }])
})

test('a clock that differs is named, and so is telemetry from the future or long ago', async () => {
  const wrong = createServer((_, response) => {
    response.writeHead(200, { date: new Date(Date.now() - 3_600_000).toUTCString() }).end()
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void wrong.close())
  await new Promise((listening) => wrong.once('listening', listening))
  const at = `127.0.0.1:${(wrong.address() as AddressInfo).port}`

  const [clock, newest] = await clocks([`http://${at}/`], undefined, Date.now() + 60_000)

  expect(clock).toMatchObject({ state: 'ill', says: expect.stringMatching(new RegExp(`${at} -3[56]\\d{5} ms`)) })
  expect(newest).toMatchObject({ state: 'ill', says: 'the newest metric is -60.0 s old' })
  expect((await clocks([], undefined, Date.now() - 60_000))[1]).toMatchObject({ state: 'ill' })
})

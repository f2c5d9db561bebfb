import { expect, onTestFinished, test } from 'vitest'
import type { LogRecord } from '../../infra/postgres/otlp.ts'
import { openSender } from '../../infra/postgres/otlp-sender.ts'
import { eventually } from '../helpers/eventually.ts'
import { startOtlpSink } from '../helpers/otlp-json-sink.ts'

const record = (body: string): LogRecord => ({ atMs: Date.now(), severity: 'info', body, attributes: {} })
const resource = { 'service.name': 'postgres' }

test('keeps lines while the endpoint fails and sends them once it recovers', async () => {
  const sink = await startOtlpSink()
  const said: string[] = []
  const sender = open({ endpoint: sink.url, say: (line) => said.push(line) })
  sink.answers(503)
  sender.log(record('first'))
  await eventually('the failure is told', () => expect(said).toHaveLength(1))

  sink.answers(200)
  sender.log(record('second'))

  await eventually('both arrive, and that is told', () => {
    expect(bodies(sink)).toEqual(['first', 'second'])
    expect(said).toEqual([expect.stringContaining('answered 503'), 'telemetry is accepted again'])
  })
})

test('drops the oldest lines when the queue is full', async () => {
  const sink = await startOtlpSink()
  const sender = open({ endpoint: sink.url, queueLimit: 3 })
  for (const body of ['1', '2', '3', '4', '5']) sender.log(record(body))

  await eventually('the newest arrive', () => expect(bodies(sink)).toEqual(['3', '4', '5']))
})

test('gives up a batch that is refused, and goes on', async () => {
  const sink = await startOtlpSink()
  const sender = open({ endpoint: sink.url })
  sink.answers(400)
  sender.log(record('refused'))
  await eventually('it is refused', () => expect(sink.refused()).toBeGreaterThan(0))
  sink.answers(200)
  sender.log(record('accepted'))

  await eventually('the next one arrives', () => expect(bodies(sink)).toEqual(['accepted']))
})

test('sends what is left when it is closed', async () => {
  const sink = await startOtlpSink()
  const sender = openSender({ endpoint: sink.url, resource, flushEveryMs: 60_000 })
  sender.log(record('last'))

  await sender[Symbol.asyncDispose]()

  expect(bodies(sink)).toEqual(['last'])
})

test('an endpoint that is not there is survived', async () => {
  const sender = openSender({ endpoint: 'http://127.0.0.1:9', resource, flushEveryMs: 10 })
  sender.log(record('lost'))
  await expect(sender[Symbol.asyncDispose]()).resolves.toBeUndefined()
})

const bodies = (sink: Awaited<ReturnType<typeof startOtlpSink>>) => sink.logs().map(({ body }) => body.stringValue)

function open(options: { endpoint: string; say?: (line: string) => void; queueLimit?: number }) {
  const sender = openSender({ ...options, resource, flushEveryMs: 20 })
  onTestFinished(() => sender[Symbol.asyncDispose]())
  return sender
}

// The local port of a request's connection, against what the server at the other end sees.
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Span } from '@opentelemetry/api'
import { expect, onTestFinished, test } from 'vitest'
import { namesConnections } from '../../services/kit/telemetry/connection.ts'

test('a client span gets the port that its peer sees', async () => {
  const seen: (number | undefined)[] = []
  const url = await startServer((port) => seen.push(port))
  const named: unknown[] = []
  const name = namesConnections()
  whenever('undici:request:create', (request) => {
    const span = { setAttribute: (key: string, value: unknown) => named.push([key, value]) }
    name(span as unknown as Span, request)
  })

  for (let i = 0; i < 3; i++) await (await fetch(url, { method: 'POST', body: '{}' })).text()

  expect(named).toEqual(seen.map((port) => ['network.local.port', port]))
  expect(seen).toHaveLength(3)
})

test('a request that nobody made a span for is left alone', async () => {
  namesConnections()

  expect((await fetch(await startServer(() => {}))).status).toBe(200)
})

function whenever(channel: string, act: (request: object) => void): void {
  const listener = (message: unknown) => act((message as { request: object }).request)
  subscribe(channel, listener)
  onTestFinished(() => void unsubscribe(channel, listener))
}

async function startServer(asked: (port: number | undefined) => void): Promise<string> {
  const server = createServer((request, response) => {
    asked(request.socket.remotePort)
    response.end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

// Servers that do what real ones do on a bad day.
import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { freePort } from './free-port.ts'

/** Nobody listens there: connections are refused. */
export async function startRefusingServer(): Promise<string> {
  return `http://127.0.0.1:${await freePort()}`
}

/** Accepts and reads, and never says a word. */
export function startSilentServer(): Promise<string> {
  return started(createServer((socket) => socket.on('error', () => {}).resume()))
}

/** Answers every request with something that is not HTTP's idea of an answer to it. */
export function startGarbageServer(): Promise<string> {
  return started(
    createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () =>
        socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<p>\0\u0001 not what you asked for'),
      )
    }),
  )
}

/**
 * Answers each request with the next of `answers` (after a while, where it says so), and with the last one from then on.
 * Remembers what it was asked.
 */
export async function startScriptedServer(
  ...answers: { status: number; body: unknown; headers?: Record<string, string>; afterMs?: number }[]
) {
  const requests: IncomingMessage[] = []
  const server = createHttpServer(async (request, response) => {
    requests.push(request)
    const answer = answers[Math.min(requests.length, answers.length) - 1]
    await sleep(answer?.afterMs ?? 0)
    response.writeHead(answer?.status ?? 500, { 'content-type': 'application/json', ...answer?.headers })
    response.end(JSON.stringify(answer?.body))
  })
  return { url: await started(server), requests, count: () => requests.length }
}

/** Sends the head of an answer and a part of its body, then either breaks the connection or says no more. */
export function startHalfAnsweringServer(then: 'break' | 'silence'): Promise<string> {
  return started(
    createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => {
        const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"half":'
        socket.write(head, () => then === 'break' && socket.destroy())
      })
    }),
  )
}

async function started(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

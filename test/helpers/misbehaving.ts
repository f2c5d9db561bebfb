// Servers that do what real ones do on a bad day.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
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

async function started(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

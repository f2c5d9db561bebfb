// Serves an app on node:http: health, front door, and a stop that lets running requests finish.
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { App } from './app.ts'
import { type Edge, withEdge } from './edge.ts'

export type Listening = AsyncDisposable & { port: number; url: string }

/**
 * Longer than any client leaves a connection idle: closed at the moment at which the next request is sent, it would take that
 * with it. A virtual user of k6 may come again after minutes.
 */
export const keepAliveMs = 10 * 60_000

type Serving = { service: string; host: string; port: number; edge: Edge }

/** Listens until disposed; disposal stops accepting, waits for running requests, then closes the app. */
export async function listen(app: App, { service, host, port, edge }: Serving): Promise<Listening> {
  const listener = withEdge(app.listener, edge)
  const server = createServer((request, response) => {
    if (request.url === '/healthz') return answerHealth(response, service, edge.flags.revision)
    listener(request, response)
  })
  server.keepAliveTimeout = keepAliveMs
  await bound(server, host, port)
  const address = server.address() as AddressInfo
  return {
    port: address.port,
    url: `http://${host}:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      await drained(server)
      await app.close()
    },
  }
}

function answerHealth(response: ServerResponse, service: string, revision: string): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ status: 'ok', service, revision }))
}

function bound(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} is taken. Stop what uses it, or move every port of the lab with PORT_BASE=100.`
      reject(error.code === 'EADDRINUSE' ? new Error(taken) : error)
    })
    server.listen(port, host, resolve)
  })
}

function drained(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // Keep-alive connections become idle only when their last answer is out.
    const sweep = setInterval(() => server.closeIdleConnections(), 50)
    server.close(() => {
      clearInterval(sweep)
      resolve()
    })
  })
}

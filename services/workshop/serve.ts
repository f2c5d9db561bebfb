// Listens without what the shop's services have in front of their apps: nobody makes the workshop slow.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { App } from '../kit/http/app.ts'
import { keepAliveMs } from '../kit/http/listen.ts'
import { behindToken } from './door.ts'

export type Served = AsyncDisposable & { url: string }
export type ServeOptions = { host: string; port: number; token?: string }

/** Listens until disposed, and asks for the token if there is one; running requests are finished, idle connections cut. @throws Error a sentence when the port is taken. */
export async function serve(app: App, { host, port, token }: ServeOptions): Promise<Served> {
  const server = createServer(token === undefined ? app.listener : behindToken(app.listener, token))
  server.keepAliveTimeout = keepAliveMs
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} is taken. Stop what uses it, or move every port of the lab with PORT_BASE=100.`
      reject(error.code === 'EADDRINUSE' ? new Error(taken) : error)
    })
    server.listen(port, host, resolve)
  })
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      // The baseline asks four times a second and keeps its connection: it would never be idle for long.
      setTimeout(() => server.closeAllConnections(), 500).unref()
      await closed
      await app.close()
    },
  }
}

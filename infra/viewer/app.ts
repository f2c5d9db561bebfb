// The viewer as a fastify app that does not listen yet: OTLP in, JSON and pages out.
import { join } from 'node:path'
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify'
import { servePages } from '../../services/lens/pages.ts'
import { registerApi } from './api.ts'
import { registerBundle } from './bundle-routes.ts'
import { ApiError } from './errors.ts'
import { type ReceiveLimits, registerReceive } from './receive.ts'
import type { Store } from './store.ts'

/** Pages of their own; which of them it is the page itself reads off its address. */
const paths = ['/', '/trace/:id', '/compare/:slow/:fast', '/metrics', '/logs', '/map']

export type ViewerDeps = { store: Store; limits?: ReceiveLimits; log?: boolean }

export function buildApp({ store, limits, log = false }: ViewerDeps): FastifyInstance {
  // Exporters keep their connections: waiting for them to hang up would make every stop take as long as their keep-alive.
  const app = Fastify({ logger: log ? { level: 'warn' } : false, forceCloseConnections: true })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff')
    // A page on another site may send a form here, but it must not be able to empty or fill the store.
    const isForeign = request.headers['sec-fetch-site'] === 'cross-site' && request.method !== 'GET'
    if (isForeign) return reply.code(403).send(bodyOf('forbidden', 'Requests from pages of another site are refused'))
  })
  app.setNotFoundHandler((request, reply) => {
    reply.code(404).send(bodyOf('not_found', `Nothing answers ${request.method} ${request.url}`))
  })
  app.setErrorHandler((error: FastifyError | ApiError, request, reply) => {
    if (error instanceof ApiError) return reply.code(error.status).send(bodyOf(error.code, error.message))
    const status = error.statusCode ?? 500
    if (status < 500) return reply.code(status).send(bodyOf('invalid_request', error.message))
    request.log.error(error)
    return reply.code(500).send(bodyOf('internal', 'The viewer failed to answer this request'))
  })
  registerReceive(app, store, limits)
  registerApi(app, store)
  registerBundle(app, store)
  servePages(app, { folder: join(import.meta.dirname, 'pages'), paths })
  return app
}

/** As the shop's errors, without their trace id: the viewer is not traced. */
const bodyOf = (code: string, message: string): { code: string; message: string } => ({ code, message })

// The Fastify side of what every service does: JSON in, one error shape out, and the route on the server span.
import { context } from '@opentelemetry/api'
import { getRPCMetadata, RPCType } from '@opentelemetry/core'
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { NotFound } from '../errors.ts'
import type { Logger } from '../telemetry/log.ts'
import type { App } from './app.ts'
import { bodyLimitBytes, failureOf } from './failure.ts'

/** A Fastify app with JSON bodies and the lab's errors; `routes` adds the rest. */
export async function fastifyApp(log: Logger, routes: (app: FastifyInstance) => void): Promise<App> {
  const answer = (error: unknown, reply: FastifyReply) => {
    const failure = failureOf(error, log)
    return reply.status(failure.status).headers(failure.headers).send(failure.body)
  }
  const app = fastify({
    logger: false,
    bodyLimit: bodyLimitBytes,
    routerOptions: { maxParamLength: 200 },
    // URLs that the router cannot read never reach the error handler below.
    frameworkErrors: (error, _request, reply) => void answer(error, reply),
  })
  app.removeContentTypeParser('text/plain')
  app.addHook('onRequest', async (request) => nameRoute(request.routeOptions.url))
  app.setNotFoundHandler((request) => {
    throw new NotFound(`There is nothing at ${request.method} ${request.url.split('?')[0]}.`)
  })
  app.setErrorHandler((error, _request, reply) => answer(error, reply))
  routes(app)
  await app.ready()
  return { listener: app.routing, close: () => app.close() }
}

/** No instrumentation of Fastify is in the meta package any more; the span's name and the metric need only the route. */
function nameRoute(route: string | undefined): void {
  const metadata = getRPCMetadata(context.active())
  if (metadata?.type === RPCType.HTTP && route !== undefined) metadata.route = route
}

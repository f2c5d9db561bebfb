// The Express side of what every service does: JSON in, one error shape out.
import express, { type ErrorRequestHandler, type Express } from 'express'
import { NotFound } from '../errors.ts'
import type { Logger } from '../telemetry/log.ts'
import type { App } from './app.ts'
import { bodyLimitBytes, failureOf } from './failure.ts'

/** An Express app with JSON bodies and the lab's errors; `routes` adds the rest. */
export function expressApp(log: Logger, routes: (app: Express) => void): App {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(requireJson)
  app.use(express.json({ limit: bodyLimitBytes, strict: true }))
  routes(app)
  app.use((request) => {
    throw new NotFound(`There is nothing at ${request.method} ${request.path}.`)
  })
  const onError: ErrorRequestHandler = (error, _request, response, next) => {
    if (response.headersSent) return next(error)
    const failure = failureOf(error, log)
    response.locals.code = failure.body.code
    response.status(failure.status).set(failure.headers).json(failure.body)
  }
  app.use(onError)
  return { listener: app, close: async () => {} }
}

/** express.json() skips other content types silently; a body of the wrong type deserves a 415. */
const requireJson: express.RequestHandler = (request, _response, next) => {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  if (hasBody && !request.is('application/json')) return next(Object.assign(new Error(), { status: 415 }))
  next()
}

// GET /api/export gives all of it away as a file, POST /api/import takes such a file in.
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { exported, imported } from './bundle.ts'
import { ApiError } from './errors.ts'
import type { Store } from './store.ts'

const contentType = 'application/x-ndjson'

export function registerBundle(app: FastifyInstance, store: Store): void {
  app.get('/api/export', async (_, reply) => {
    const name = `slow-sometimes-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.jsonl`
    return reply
      .type(contentType)
      .header('content-disposition', `attachment; filename="${name}"`)
      .send(Readable.from(exported(store)))
  })

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    // Read line by line as it comes: a bundle may be larger than what is kept of it.
    scope.addContentTypeParser([contentType, 'application/gzip'], async (_: unknown, payload: Readable) => payload)
    scope.post('/api/import', async (request) => {
      const isGzip = request.headers['content-type'] === 'application/gzip'
      const body = request.body as Readable
      const result = await imported(store, isGzip ? body.pipe(createGunzip()) : body).catch((cause: Error) => {
        throw new ApiError(400, 'invalid_request', `The bundle could not be read to its end: ${cause.message}`)
      })
      if (result.lines > 0 && result.refused === result.lines)
        throw new ApiError(400, 'invalid_request', `Nothing of it is OTLP as JSON lines. ${result.why}`)
      return result
    })
  })
}

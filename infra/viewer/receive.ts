// OTLP/HTTP: POST /v1/traces, /v1/metrics, /v1/logs. https://opentelemetry.io/docs/specs/otlp/#otlphttp
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DecodeError, decodeRequest, type Encoding, encodeResponse, encodeStatus, type Signal } from './decode.ts'
import type { Store } from './store.ts'

export type ReceiveLimits = { maxBodyBytes: number; maxInflatedBytes: number }

/** An exporter sends at most a few hundred kB; a body beyond this is a mistake or a bomb. */
export const defaultReceiveLimits: ReceiveLimits = { maxBodyBytes: 8 * 1024 ** 2, maxInflatedBytes: 32 * 1024 ** 2 }

const contentTypes: Record<Encoding, string> = { protobuf: 'application/x-protobuf', json: 'application/json' }
/** google.rpc.Code */
const rpcCodes: Record<number, number> = { 400: 3, 413: 8, 415: 3 }
const inflate = promisify(gunzip)

/** Registers the three endpoints in their own scope, because their bodies and errors differ from those of the API. */
export function registerReceive(app: FastifyInstance, store: Store, limits = defaultReceiveLimits): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    const asBuffer = { parseAs: 'buffer', bodyLimit: limits.maxBodyBytes } as const
    scope.addContentTypeParser(Object.values(contentTypes), asBuffer, async (_: unknown, body: Buffer) => body)
    scope.setErrorHandler((error: FastifyError, request, reply) => refuse(error, request, reply))
    for (const signal of ['traces', 'metrics', 'logs'] as const) {
      scope.post(`/v1/${signal}`, (request, reply) => accept(signal, request, reply, store, limits))
    }
  })
}

async function accept(
  signal: Signal,
  request: FastifyRequest,
  reply: FastifyReply,
  store: Store,
  limits: ReceiveLimits,
): Promise<FastifyReply> {
  const encoding = encodingOf(request)
  if (encoding === undefined) throw new Refusal(415, `Expected ${Object.values(contentTypes).join(' or ')}`)
  const body = await inflated(request, limits.maxInflatedBytes)
  const { rejected, why } = store.receive(signal, decodeRequest(signal, encoding, body))
  return reply.type(contentTypes[encoding]).send(encodeResponse(signal, encoding, rejected, why))
}

/** A refused request, with the HTTP status it is answered with. */
class Refusal extends Error {
  override name = 'Refusal'
  readonly statusCode: number
  constructor(statusCode: number, message: string) {
    super(message)
    this.statusCode = statusCode
  }
}

function encodingOf(request: FastifyRequest): Encoding | undefined {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (type === contentTypes.protobuf) return 'protobuf'
  return type === contentTypes.json ? 'json' : undefined
}

async function inflated(request: FastifyRequest, maxOutputLength: number): Promise<Buffer> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity'
  if (encoding === 'identity') return body
  if (encoding !== 'gzip') throw new Refusal(415, `content-encoding is "${encoding}": expected gzip or none`)
  try {
    return await inflate(body, { maxOutputLength })
  } catch (cause) {
    const isTooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    if (isTooLarge) throw new Refusal(413, `The body inflates to more than ${maxOutputLength} bytes`)
    throw new DecodeError(`The body is not gzip: ${(cause as Error).message}`)
  }
}

function refusalOf(error: FastifyError | Error): { status: number; message: string } {
  if (error instanceof DecodeError) return { status: 400, message: error.message }
  if ('statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500)
    return { status: error.statusCode, message: error.message }
  // The engine gives up on hostile nesting with a RangeError: that, too, is the sender's mistake.
  if (error instanceof RangeError) return { status: 400, message: 'The body is nested too deeply' }
  return { status: 500, message: 'The viewer failed to store this request' }
}

function refuse(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, message } = refusalOf(error)
  const encoding = encodingOf(request) ?? 'json'
  if (status >= 500) request.log.error(error)
  return reply
    .code(status)
    .type(contentTypes[encoding])
    .send(encodeStatus(encoding, rpcCodes[status] ?? 13, message))
}

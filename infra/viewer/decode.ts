// OTLP/HTTP bodies in and answers out, in protobuf and in JSON. What comes out of `decodeRequest` is still unchecked.
import { messages } from './otlp-schema.ts'

export type Signal = 'traces' | 'metrics' | 'logs'
export type Encoding = 'protobuf' | 'json'

/** What a request could not be read for. The sentence is sent back to the exporter. */
export class DecodeError extends Error {
  override name = 'DecodeError'
}

/** How OTLP names "this many were refused" for each signal. */
const rejectedField = {
  traces: 'rejectedSpans',
  metrics: 'rejectedDataPoints',
  logs: 'rejectedLogRecords',
} as const

/** The body as a tree of plain objects, field names as in OTLP/JSON. @throws DecodeError */
export function decodeRequest(signal: Signal, encoding: Encoding, body: Buffer): unknown {
  try {
    return encoding === 'protobuf' ? messages[signal].decode(body) : JSON.parse(body.toString('utf8'))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new DecodeError(`The body is not ${encoding === 'json' ? 'JSON' : 'an OTLP protobuf message'}: ${why}`, {
      cause,
    })
  }
}

/** The answer to an accepted request. OTLP wants `partial_success` absent when nothing was refused. */
export function encodeResponse(signal: Signal, encoding: Encoding, rejected: number, errorMessage: string): Buffer {
  const isWhole = rejected === 0 && errorMessage === ''
  if (encoding === 'json') {
    const partialSuccess = { [rejectedField[signal]]: String(rejected), errorMessage }
    return Buffer.from(JSON.stringify(isWhole ? {} : { partialSuccess }))
  }
  return Buffer.from(messages.response.encode(isWhole ? {} : { partialSuccess: { rejected, errorMessage } }).finish())
}

/** The body of a refused request: google.rpc.Status. */
export function encodeStatus(encoding: Encoding, code: number, message: string): Buffer {
  const status = { code, message }
  return Buffer.from(encoding === 'json' ? JSON.stringify(status) : messages.rpcStatus.encode(status).finish())
}

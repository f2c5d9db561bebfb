// What a failed request answers, decided once for both frameworks.
import { SpanStatusCode, trace } from '@opentelemetry/api'
import { AppError, type ErrorBody } from '../errors.ts'
import { setErrorType } from '../telemetry/error-type.ts'
import type { Logger } from '../telemetry/log.ts'
import { attributes } from '../telemetry/names.ts'
import { currentTraceId } from './trace-response.ts'

export type Failure = { status: number; headers: Record<string, string>; body: ErrorBody }

/** Turns whatever was thrown into an answer, marks the span and writes a line. Messages of 5xx we did not write stay inside. */
export function failureOf(error: unknown, log: Logger): Failure {
  const { code, status, message } = described(error)
  const span = trace.getActiveSpan()
  if (span) setErrorType(span, code)
  if (status >= 500) span?.setStatus({ code: SpanStatusCode.ERROR, message: code })
  const own: Pick<AppError, 'retryAfterSeconds' | 'isOneOfMany'> = error instanceof AppError ? error : {}
  if (!own.isOneOfMany) tell(log, error, { code, status, message })
  const retryAfter = own.retryAfterSeconds
  return {
    status,
    headers: retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
    body: { code, message, traceId: currentTraceId() },
  }
}

function tell(log: Logger, error: unknown, { code, status, message }: Description): void {
  if (status >= 500) log.error({ err: error, [attributes.errorType]: code }, `answered ${status} ${code}`)
  else log.info({ [attributes.errorType]: code }, `answered ${status} ${code}: ${message}`)
}

type Description = { code: string; status: number; message: string }

function described(error: unknown): Description {
  if (error instanceof AppError) return { code: error.code, status: error.status, message: error.message }
  const status = statusOf(error)
  const refusal = refusals[status]
  if (refusal !== undefined) return { status, ...refusal }
  return { code: 'internal', status: 500, message: 'Something went wrong on our side.' }
}

/** What the frameworks' own parsers throw: both put the status on the error. */
function statusOf(error: unknown): number {
  const { status, statusCode } = (error ?? {}) as { status?: number; statusCode?: number }
  return status ?? statusCode ?? 500
}

const refusals: Record<number, { code: string; message: string } | undefined> = {
  400: {
    code: 'invalid_request',
    message: 'The request could not be read: expected well-formed JSON and a valid URL.',
  },
  404: { code: 'not_found', message: 'There is nothing at this address.' },
  413: { code: 'body_too_large', message: 'The body is too large: expected at most 64 KiB.' },
  414: { code: 'address_too_long', message: 'A part of the address is too long: expected at most 200 characters.' },
  415: { code: 'unsupported_media_type', message: 'The content type is not supported: expected application/json.' },
}

/** The largest body that any service reads. */
export const bodyLimitBytes = 64 * 1024

// Errors that a caller may see. Each service lists its own, a closed set, in errors.ts.

/** An error with a stable code for machines, a status for HTTP and a sentence for people. */
export abstract class AppError extends Error {
  abstract readonly code: string
  abstract readonly status: number
  /** Seconds after which trying again makes sense; becomes `Retry-After`. */
  readonly retryAfterSeconds?: number
  /** Comes by the hundred when it comes: whoever throws it writes one line about many. */
  readonly isOneOfMany?: boolean
}

/** The body of every error response, in both frameworks. `traceId` opens the trace. */
export type ErrorBody = { code: string; message: string; traceId: string | null }

export class InvalidRequest extends AppError {
  override name = 'InvalidRequest'
  readonly code = 'invalid_request'
  readonly status = 400
}

export class NotFound extends AppError {
  override name = 'NotFound'
  readonly code = 'not_found'
  readonly status = 404
}

export class DeadlineExceeded extends AppError {
  override name = 'DeadlineExceeded'
  readonly code = 'deadline_exceeded'
  readonly status = 504
}

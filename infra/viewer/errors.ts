// The two ways in which the JSON API refuses a request.

/** A code for machines, a status for HTTP and a sentence for people. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export const invalidRequest = (message: string): ApiError => new ApiError(400, 'invalid_request', message)
export const notFound = (message: string): ApiError => new ApiError(404, 'not_found', message)

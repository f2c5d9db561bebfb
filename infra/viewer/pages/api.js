// Reads the viewer's own API.

/** An answer that is not the data asked for; `status` 0 means that there was no answer. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message)
    this.status = status
  }
}

/** @throws ApiError with the sentence that the viewer gave */
export const getJson = (path, signal) => ask(path, { signal })

/** `body` may be a file. @throws ApiError with the sentence that the viewer gave */
export const post = (path, body, type) =>
  ask(path, { method: 'POST', ...(body === undefined ? {} : { body, headers: { 'content-type': type } }) })

async function ask(path, request) {
  let response
  try {
    response = await fetch(path, request)
  } catch (cause) {
    if (cause.name === 'AbortError') throw cause
    throw new ApiError(0, 'The viewer does not answer.')
  }
  if (response.status === 204) return {}
  const body = await response.json().catch(() => ({ message: `The viewer answered with status ${response.status}.` }))
  if (!response.ok) throw new ApiError(response.status, body.message)
  return body
}

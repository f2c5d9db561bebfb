// Asks the API of the place that the page comes from.

/** An answer that is not the data asked for; `status` 0 means that there was no answer. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message)
    this.status = status
  }
}

/** @throws ApiError with the sentence that was given */
export const getJson = (path, signal) => ask(path, { signal })

/** `body` may be a file. @throws ApiError with the sentence that was given */
export const post = (path, body, type) =>
  ask(path, { method: 'POST', ...(body === undefined ? {} : { body, headers: { 'content-type': type } }) })

/** @throws ApiError with the sentence that was given */
export const sendJson = (path, content = {}, method = 'POST') =>
  ask(path, { method, body: JSON.stringify(content), headers: { 'content-type': 'application/json' } })

/** How sentences speak of whoever answers. */
const who = document.documentElement.dataset.place ?? 'viewer'

async function ask(path, request) {
  try {
    const response = await fetch(path, request)
    if (response.status === 204) return {}
    const body = await response.json()
    if (!response.ok) throw new ApiError(response.status, body.message)
    return body
  } catch (cause) {
    if (cause instanceof ApiError || cause.name === 'AbortError') throw cause
    // What is no JSON comes from somebody else, or was cut off.
    const says = cause instanceof SyntaxError ? `What the ${who} answered is no JSON.` : `The ${who} does not answer.`
    throw new ApiError(0, says)
  }
}

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
  let response
  try {
    response = await fetch(path, request)
  } catch (cause) {
    if (cause.name === 'AbortError') throw cause
    throw new ApiError(0, `The ${who} does not answer.`)
  }
  if (response.status === 204) return {}
  const body = await response.json().catch(() => ({ message: `The ${who} answered with status ${response.status}.` }))
  if (!response.ok) throw new ApiError(response.status, body.message)
  return body
}

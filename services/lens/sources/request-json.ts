// One question to a backend over HTTP: an answer of the right shape, or a sentence on what is wrong.
import { z } from 'zod'

const timeoutMs = 10_000

/** Who is asked, as sentences name it, and what to do when nobody answers. */
export type Asked = { name: string; whatToDo: string }

const viewer: Asked = { name: 'The viewer', whatToDo: 'Is it running? `npm start` starts it.' }

/**
 * Asks a backend (the viewer unless `asked` says otherwise), and checks the answer's shape. Undefined when it answers 404.
 * @throws Error, a sentence with the URL: unreachable, an error status, or an answer of another shape
 */
export async function requestJson<T>(
  url: URL,
  shape: z.ZodType<T>,
  init: RequestInit = {},
  { name, whatToDo }: Asked = viewer,
): Promise<T | undefined> {
  const { response, text } = await exchange(url, init).catch((cause: unknown) => {
    throw new Error(`${name} at ${url.origin} cannot be reached (${url.href}). ${whatToDo}`, { cause })
  })
  if (response.status === 404) return undefined
  if (!response.ok) throw new Error(`${name} answered ${response.status} to ${url.href}: ${text.slice(0, 200)}`)
  const result = shape.safeParse(parsed(text))
  if (result.success) return result.data
  const problem = z.prettifyError(result.error).slice(0, 300)
  const kind = `a ${name.replace(/^The /, '')}`
  throw new Error(`The answer to ${url.href} is not what ${kind} answers; is something else on that port? ${problem}`)
}

/** The body belongs to it: a backend that stops in the middle of an answer was not reached either. */
async function exchange(url: URL, init: RequestInit): Promise<{ response: Response; text: string }> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) })
  return { response, text: await response.text() }
}

/** Undefined for what is not JSON: no shape accepts that. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

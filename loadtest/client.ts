// HTTP as the Node driver needs it: node:http with kept-alive sockets, cheap to start, and answers instead of exceptions.
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { performance } from 'node:perf_hooks'
import { headers } from '../services/kit/telemetry/names.ts'
import { noAnswer } from './outcome.ts'
import { traceOf } from './trace-response.ts'

export type Request = { method: string; path: string; headers?: Record<string, string>; body?: unknown }

/** `status` is 0 when no complete answer came; `code` then says why, else it is the error's own code, if it was one. */
export type Answer = {
  status: number
  body: unknown
  traceId?: string
  /** The trace named by `traceId` is not recorded. */
  isUntraced?: true
  code?: string
  sentAtMs: number
  endedAtMs: number
}

export interface Client extends Disposable {
  /** Never rejects. */
  send(request: Request): Promise<Answer>
}

/** Sockets are unlimited: a slow shop must not make later visitors wait for a free one. Disposing cuts off what is under way. */
export function createClient(target: URL, timeoutMs: number): Client {
  const isTls = target.protocol === 'https:'
  const agentOptions = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 1024 }
  const agent = isTls ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions)
  const underWay = new Set<ClientRequest>()

  function open(request: Request, body: string | undefined): ClientRequest {
    const url = new URL(request.path, target)
    const sent = { accept: 'application/json', ...request.headers, ...(body === undefined ? {} : bodyHeaders(body)) }
    const options = { agent, method: request.method, headers: sent }
    return isTls ? httpsRequest(url, options) : httpRequest(url, options)
  }

  return {
    send(request) {
      return new Promise((resolve) => {
        const body = request.body === undefined ? undefined : JSON.stringify(request.body)
        const outgoing = open(request, body)
        const sentAtMs = performance.now()
        const deadline = setTimeout(() => outgoing.destroy(new NoAnswer(noAnswer.timeout)), timeoutMs)
        const settle = (answer: Omit<Answer, 'sentAtMs' | 'endedAtMs'>) => {
          clearTimeout(deadline)
          underWay.delete(outgoing)
          resolve({ ...answer, sentAtMs, endedAtMs: performance.now() })
        }
        underWay.add(outgoing)
        outgoing.on('error', (error) => settle({ status: 0, body: undefined, code: codeOf(error) }))
        outgoing.on('response', (incoming) => readAnswer(incoming).then(settle))
        outgoing.end(body)
      })
    },
    [Symbol.dispose]() {
      for (const outgoing of underWay) outgoing.destroy(new NoAnswer(noAnswer.aborted))
      agent.destroy()
    },
  }
}

/** Carries the code through `destroy`, the way system errors carry theirs. */
class NoAnswer extends Error {
  override name = 'NoAnswer'
  readonly code: string
  constructor(code: string) {
    super(`No answer: ${code}`)
    this.code = code
  }
}

async function readAnswer(incoming: IncomingMessage): Promise<Omit<Answer, 'sentAtMs' | 'endedAtMs'>> {
  const trace = traceOf(String(incoming.headers[headers.traceResponse]))
  try {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const status = incoming.statusCode ?? 0
    const body = parsed(Buffer.concat(chunks).toString())
    if (status < 400) return { status, body, ...trace }
    return { status, body, code: textField(body, 'code') ?? `http_${status}`, ...trace }
  } catch (error) {
    return { status: 0, body: undefined, code: codeOf(error), ...trace }
  }
}

/** A field of a JSON answer, if it is there and a text. */
export function textField(body: unknown, name: string): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const value: unknown = Reflect.get(body, name)
  return typeof value === 'string' ? value : undefined
}

function bodyHeaders(body: string): Record<string, string> {
  return { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }
}

function codeOf(error: unknown): string {
  return textField(error, 'code') ?? (error instanceof Error ? error.name : 'unknown')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

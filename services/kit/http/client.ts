// Calls another service: named, within the caller's deadline, and once more elsewhere when a connection breaks.
import { trace } from '@opentelemetry/api'
import { z } from 'zod'
import { AppError, DeadlineExceeded } from '../errors.ts'
import { attributes, events, headers } from '../telemetry/names.ts'
import { towards } from '../telemetry/peer.ts'
import type { Deadline } from './deadline.ts'

/** A peer answered with an error of its own; `code` and `status` are what it said. */
export class PeerError extends AppError {
  override name = 'PeerError'
  readonly peer: string
  readonly status: number
  readonly code: string
  constructor(peer: string, status: number, code: string, message: string) {
    super(message)
    this.peer = peer
    this.status = status
    this.code = code
  }
}

/** No instance of a peer could be reached. */
export class PeerUnavailable extends AppError {
  override name = 'PeerUnavailable'
  readonly status = 502
  readonly code: string
  constructor(peer: string, options?: ErrorOptions) {
    super(`No instance of ${peer} could be reached.`, options)
    this.code = `${peer}_unavailable`
  }
}

export type Call<S extends z.ZodType> = {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  body?: unknown
  answer: S
  deadline: Deadline
}

export type Peer = { name: string; call<S extends z.ZodType>(call: Call<S>): Promise<z.output<S>> }

/** How many instances a call tries: every call of the shop is idempotent by order id. */
const attempts = 3

/**
 * A peer with one or more instances, used in turn. Calls throw PeerError, PeerUnavailable or DeadlineExceeded.
 */
export function createPeer(name: string, urls: readonly string[]): Peer {
  let turn = 0
  return {
    name,
    call: (call) =>
      towards(name, async () => {
        for (let attempt = 1; ; attempt++) {
          const url = new URL(call.path, urls[turn++ % urls.length])
          try {
            return await once(name, url, call)
          } catch (error) {
            if (attempt === attempts || !isWorthRepeating(error)) throw error
            noteRetry(name, attempt, error as Error)
          }
        }
      }),
  }
}

async function once<S extends z.ZodType>(peer: string, url: URL, call: Call<S>): Promise<z.output<S>> {
  call.deadline.check()
  const broken = (error: unknown): never => {
    if (call.deadline.signal.aborted) throw new DeadlineExceeded(`${peer} did not answer in time.`, { cause: error })
    throw new PeerUnavailable(peer, { cause: error })
  }
  const response = await fetch(url, requestOf(call)).catch(broken)
  const text = await response.text().catch(broken)
  const body = fromJson(text)
  if (!response.ok) throw errorSaid(peer, response.status, body)
  const answer = call.answer.safeParse(body)
  if (answer.success) return answer.data
  throw new PeerError(peer, 502, `${peer}_failed`, `${peer} gave an answer that makes no sense.`)
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function errorSaid(peer: string, status: number, body: unknown): PeerError {
  const said = PeerSaid.safeParse(body)
  const { code, message } = said.success ? said.data : { code: `${peer}_failed`, message: `${peer} failed.` }
  return new PeerError(peer, status, code, message)
}

const PeerSaid = z.object({ code: z.string(), message: z.string() })

function requestOf({ method, body, deadline }: Call<z.ZodType>): RequestInit {
  const remaining = { [headers.remainingMs]: String(Math.ceil(deadline.remainingMs())) }
  if (body === undefined) return { method, headers: remaining, signal: deadline.signal }
  const json = { 'content-type': 'application/json', ...remaining }
  return { method, headers: json, signal: deadline.signal, body: JSON.stringify(body) }
}

/** A connection that broke, or an instance that says it is not available. Never an answer about the order itself. */
function isWorthRepeating(error: unknown): boolean {
  return error instanceof PeerUnavailable || (error instanceof PeerError && error.status === 503)
}

function noteRetry(peer: string, attempt: number, error: Error): void {
  const type = error instanceof AppError ? error.code : error.name
  trace.getActiveSpan()?.addEvent(events.retry, {
    [attributes.peerService]: peer,
    [attributes.resendCount]: attempt,
    [attributes.errorType]: type,
  })
}

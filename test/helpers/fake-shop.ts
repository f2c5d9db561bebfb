// A tiny shop on a real socket, for testing drivers: it can be slow, stall, decline, forget sessions, and remembers requests.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'

export type SeenRequest = { route: string; atMs: number; headers: IncomingHttpHeaders; body: unknown }

export type FakeShop = {
  url: URL
  requests: SeenRequest[]
  seen(route: string): SeenRequest[]
  /** Every token given out so far is refused from now on. */
  forgetSessions(): void
}

export type Behaviour = {
  cartMs?: number
  checkoutMs?: number
  /** Checkouts are done one after another, each in `ms`; beyond so many under way the next one is refused. */
  counter?: { ms: number; room: number }
  /** Checkouts are received and never answered. */
  stalls?: boolean
  declines?: boolean
  /** Answers say that their traces are not recorded. */
  isUntraced?: boolean
}

type Reply = { status: number; body: unknown }

/** Closed with the test. */
export async function startFakeShop(behaviour: Behaviour = {}): Promise<FakeShop> {
  const requests: SeenRequest[] = []
  let tokens = new Set<string>()
  let count = 0

  let underWay = 0
  let freeAtMs = 0
  /** False, at once, when there is no room. Timers that are late do not add up. */
  const served = async ({ ms, room }: NonNullable<Behaviour['counter']>): Promise<boolean> => {
    if (underWay >= room) return false
    underWay++
    freeAtMs = Math.max(freeAtMs, performance.now()) + ms
    await sleep(freeAtMs - performance.now())
    underWay--
    return true
  }

  const routes: Record<string, () => Promise<Reply> | Reply> = {
    'POST /api/session': () => {
      const token = `token-${++count}`
      tokens.add(token)
      return { status: 200, body: { token, userId: 'u001', expiresAt: '2030-01-01T00:00:00.000Z' } }
    },
    'GET /api/products': () => ({ status: 200, body: { products: [] } }),
    'GET /api/checkout': () => ({ status: 200, body: { currency: 'EUR', totalCents: 1, lines: [], eligible: true } }),
    'POST /api/carts': async () => {
      await sleep(behaviour.cartMs ?? 0)
      return { status: 201, body: { cartId: `cart-${++count}`, lines: [] } }
    },
    'POST /api/checkout': async () => {
      await sleep(behaviour.checkoutMs ?? 0)
      if (behaviour.counter && !(await served(behaviour.counter)))
        return { status: 503, body: { code: 'overloaded', message: 'Later', traceId: null } }
      if (behaviour.declines) return { status: 402, body: { code: 'card_declined', message: 'No', traceId: null } }
      return { status: 201, body: { orderId: `order-${++count}`, status: 'placed', totalCents: 1, currency: 'EUR' } }
    },
  }

  const parentOf = (n: number) => `00-${traceIdOf(n)}-00000000000000aa-${behaviour.isUntraced ? '00' : '01'}`
  const isKnown = (request: IncomingMessage) =>
    tokens.has(String(request.headers.authorization).slice('Bearer '.length))
  const server = createServer(async (request, response) => {
    const route = `${request.method} ${request.url?.split('?')[0]}`
    const seen: SeenRequest = { route, atMs: performance.now(), headers: request.headers, body: undefined }
    requests.push(seen)
    seen.body = await bodyOf(request)
    if (route === 'POST /api/checkout' && behaviour.stalls) return
    if (route !== 'POST /api/session' && !isKnown(request)) {
      return send(response, parentOf(requests.length), {
        status: 401,
        body: { code: 'not_signed_in', message: 'Who?' },
      })
    }
    send(response, parentOf(requests.length), (await routes[route]?.()) ?? { status: 404, body: { code: 'not_found' } })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    requests,
    seen: (route) => requests.filter((request) => request.route === route),
    forgetSessions: () => {
      tokens = new Set()
    },
  }
}

/** The trace id that the shop answers its nth request with. */
export const traceIdOf = (n: number): string => n.toString(16).padStart(32, '0')

function send(response: ServerResponse, traceresponse: string, { status, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json', traceresponse })
  response.end(JSON.stringify(body))
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString())
}

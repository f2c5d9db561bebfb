// What every service does, whichever framework it is built on: asserted over all four, which compares Express and Fastify.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { type ServiceName, serviceNames } from '../../services/kit/telemetry/names.ts'
import { type Answer, cartOf, createClient, shareShop } from '../helpers/shop.ts'

/** An ordinary route to read and one to write, and a body that the latter takes. */
const routes: Record<ServiceName, { read: string; write: string; body: object }> = {
  api: { read: '/api/products', write: '/api/session', body: { userId: 'u002' } },
  inventory: { read: '/catalogue', write: '/quotes', body: { lines: cartOf('enamel-mug'), tier: 'gold' } },
  payment: {
    read: '/eligibility/u002',
    write: '/authorisations',
    body: { orderId: randomUUID(), userId: 'u002', amountCents: 100 },
  },
  pricing: { read: '/price-list', write: '/quotes', body: { lines: cartOf('enamel-mug'), tier: 'gold' } },
}

const variants: Record<string, string> = {}
const theShop = shareShop({ variants, consumes: false, bankMedianMs: 20, erpMedianMs: 20 })

const send = (service: ServiceName, ...request: Parameters<ReturnType<typeof createClient>['send']>) =>
  createClient(theShop().urls[service]).send(...request)

describe.for(serviceNames)('%s', (service) => {
  const { read, write, body } = routes[service]

  test('says in its health who it is and which flags are in force', async () => {
    const answer = await send(service, 'GET', '/healthz')

    expect(answer).toMatchObject({ status: 200, body: { status: 'ok', service, revision: 'fixed' } })
    expect(Object.keys(answer.body)).toEqual(['status', 'service', 'revision'])
    // Connections outlast a client's pause.
    expect(answer.headers.get('keep-alive')).toBe('timeout=600')
  })

  test('answers on its ordinary routes', async () => {
    expect((await send(service, 'GET', read)).status).toBe(200)
    expect((await send(service, 'POST', write, body)).status).toBeLessThan(300)
  })

  test('answers 404 for a route it does not have, naming it', async () => {
    const answer = await send(service, 'GET', '/no/such/route?secret=1')

    expectRefusal(answer, 404, 'not_found')
    expect(answer.body.message).toBe('There is nothing at GET /no/such/route.')
  })

  test('answers 404 for a method that a route does not have', async () => {
    expectRefusal(await send(service, 'PUT', write, body), 404, 'not_found')
  })

  test.for(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'answers 415 for a body of type %s',
    async (type) => {
      const answer = await send(service, 'POST', write, JSON.stringify(body), { 'content-type': type })

      expectRefusal(answer, 415, 'unsupported_media_type')
      expect(answer.body.message).toBe('The content type is not supported: expected application/json.')
    },
  )

  test('answers 413 for a body of more than 64 KiB', async () => {
    const answer = await send(service, 'POST', write, { ...body, padding: 'x'.repeat(64 * 1024) })

    expectRefusal(answer, 413, 'body_too_large')
    expect(answer.body.message).toContain('64 KiB')
  })

  test.for(['{"lines": [', '{"a": 1,}', "{'a': 1}", 'undefined', '\0'])(
    'answers 400 for the broken JSON %j',
    async (text) => {
      const answer = await send(service, 'POST', write, text)

      expectRefusal(answer, 400, 'invalid_request')
      expect(answer.body.message).toContain('well-formed JSON')
    },
  )

  test('answers 400 for an address that is not well-formed', async () => {
    const path = service === 'pricing' ? '/%E0%A4%A' : `${read.replace('products', 'orders')}/%E0%A4%A`
    const answer = await send(service, 'GET', path)

    expect([400, 401, 404]).toContain(answer.status)
    expectRefusal(answer, answer.status, String(answer.body.code))
  })

  test('delays ordinary requests and never its health while its edge is delay-250ms', async () => {
    using _ = armed(service, 'delay-250ms')
    const startedAt = performance.now()

    const ordinary = send(service, 'GET', read)
    const health = send(service, 'GET', '/healthz')

    expect(await Promise.race([ordinary.then(() => 'ordinary'), health.then(() => 'health')])).toBe('health')
    expect((await ordinary).status).toBe(200)
    expect(performance.now() - startedAt).toBeGreaterThan(245)
  })

  test('answers 503 with Retry-After, and its health as always, while its edge is error-503', async () => {
    using _ = armed(service, 'error-503')

    const answer = await send(service, 'GET', read)

    expectRefusal(answer, 503, 'unavailable')
    expect(answer.headers.get('retry-after')).toBe('1')
    expect((await send(service, 'GET', '/healthz')).status).toBe(200)
  })

  test('breaks connections, and answers its health as always, while its edge is reset', async () => {
    using _ = armed(service, 'reset')

    await expect(send(service, 'GET', read)).rejects.toThrow('fetch failed')
    expect((await send(service, 'GET', '/healthz')).status).toBe(200)
  })

  test('is as before once its edge is calm again', async () => {
    expect((await send(service, 'GET', read)).status).toBe(200)
  })
})

describe('deadlines', () => {
  const quote = { lines: cartOf('enamel-mug'), tier: 'business' }
  const order = () => ({ orderId: randomUUID(), userId: 'u002', amountCents: 100 })
  const reservation = () => ({ ...quote, orderId: randomUUID() })
  const dependent: [ServiceName, string, string, () => object | undefined][] = [
    ['inventory', 'GET', '/catalogue', () => undefined],
    ['inventory', 'POST', '/quotes', () => quote],
    ['inventory', 'POST', '/reservations', reservation],
    ['payment', 'POST', '/authorisations', order],
    ['payment', 'DELETE', `/authorisations/${randomUUID()}`, () => undefined],
    ['pricing', 'POST', '/quotes', () => quote],
  ]

  test.for(dependent)('%s answers 504 to %s %s when its caller waits 1 ms', async ([service, method, path, body]) => {
    // The price list needs no third party that takes its time: let it be slow itself.
    using _ = armed('pricing', service === 'inventory' ? 'delay-250ms' : 'none')

    const answer = await send(service, method, path, body(), { 'x-remaining-ms': '1' })

    expectRefusal(answer, 504, 'deadline_exceeded')
  })

  test.for(dependent)(
    '%s answers 400 to %s %s for a deadline that is no number',
    async ([service, method, path, body]) => {
      for (const given of ['soon', '-5', '1.5', '', '1e3', '12345678901']) {
        const answer = await send(service, method, path, body(), { 'x-remaining-ms': given })

        expectRefusal(answer, 400, 'invalid_request')
        expect(answer.body.message).toBe(
          `Header x-remaining-ms is ${JSON.stringify(given)}: expected whole milliseconds.`,
        )
      }
    },
  )

  test('api has a deadline of its own: what a customer sends is not believed', async () => {
    expect((await send('api', 'GET', '/api/products', undefined, { 'x-remaining-ms': '1' })).status).toBe(200)
  })
})

describe('stopping', () => {
  const slow: Record<string, string> = {}
  const shopToStop = shareShop({ variants: slow, consumes: false })

  // In this order, so that those who stop later can still be asked by those who stop earlier.
  test.for(serviceNames)(
    '%s answers what is in flight, takes nothing new and lets go of its connections',
    async (service) => {
      const { urls, stop } = shopToStop()
      const inFlight = Promise.withResolvers<void>()
      Object.defineProperty(slow, `${service}-edge`, {
        get() {
          inFlight.resolve()
          return 'delay-250ms'
        },
      })
      const idle = await openIdleConnection(urls[service])
      const closed = once(idle, 'close')

      const answer = createClient(urls[service]).send('GET', routes[service].read)
      await inFlight.promise
      const stopped = stop(service)

      await expect(openIdleConnection(urls[service])).rejects.toThrow('ECONNREFUSED')
      expect((await answer).status).toBe(200)
      await Promise.all([closed, stopped])
    },
  )
})

/** Error answers look the same everywhere: three keys, a code for machines, a sentence for people. */
function expectRefusal({ status, headers, body }: Answer, expectedStatus: number, code: string): void {
  expect({ status, code: body.code }, JSON.stringify(body)).toEqual({ status: expectedStatus, code })
  expect(Object.keys(body)).toEqual(['code', 'message', 'traceId'])
  expect(body.message).toMatch(/\w{2,} .+\.$|: /)
  expect(headers.get('content-type')).toMatch(/^application\/json/)
}

/** Puts a service's edge into a variant until the end of the block. */
function armed(service: ServiceName, variant: string): Disposable {
  variants[`${service}-edge`] = variant
  return { [Symbol.dispose]: () => delete variants[`${service}-edge`] }
}

/** A connection that has had an answer and is kept for the next request. */
async function openIdleConnection(url: string) {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  socket.write('GET /healthz HTTP/1.1\r\nhost: shop\r\n\r\n')
  await once(socket, 'data')
  return socket
}

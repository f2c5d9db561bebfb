// The small parts of kit/http: deadlines, sentences about bad input, and the front door.
import { once } from 'node:events'
import { Agent, createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { DeadlineExceeded, InvalidRequest } from '../../services/kit/errors.ts'
import { defineEdgeFlag } from '../../services/kit/flags/flag.ts'
import { deadlineIn, deadlineOf } from '../../services/kit/http/deadline.ts'
import { withEdge } from '../../services/kit/http/edge.ts'
import { listen } from '../../services/kit/http/listen.ts'
import { parse } from '../../services/kit/http/parse.ts'
import { eventually } from '../helpers/eventually.ts'
import { fixedFlags } from '../helpers/fixed-flags.ts'

describe('a deadline', () => {
  test('says how many milliseconds are left, and fewer as time goes by', async () => {
    const deadline = deadlineIn(60_000)
    const first = deadline.remainingMs()

    expect(first).toBeLessThanOrEqual(60_000)
    expect(first).toBeGreaterThan(59_000)
    await eventually('time goes by', () => expect(deadline.remainingMs()).toBeLessThan(first))
    expect(deadline.signal.aborted).toBe(false)
    expect(() => deadline.check()).not.toThrow()
  })

  test('that has passed leaves nothing, throws and has aborted its signal', async () => {
    const deadline = deadlineIn(5)

    await eventually('it has passed', () => expect(deadline.signal.aborted).toBe(true))
    expect(deadline.remainingMs()).toBe(0)
    expect(() => deadline.check()).toThrow(DeadlineExceeded)
    expect(() => deadline.check()).toThrow("The caller's time of 5 ms is used up.")
  })

  test.for([
    [undefined, 10_000],
    ['250', 250],
    ['0', 0],
    ['99999', 10_000],
    ['999999999', 10_000],
  ] as const)('read from the header %j is at most %i ms', ([given, expected]) => {
    const headers = given === undefined ? {} : { 'x-remaining-ms': given }

    const left = deadlineOf({ headers }, 10_000).remainingMs()

    expect(left).toBeLessThanOrEqual(expected)
    expect(left).toBeGreaterThanOrEqual(Math.max(0, expected - 200))
  })

  test.for(['', ' ', '-1', '1.5', '1e3', '0x10', 'soon', '1234567890', ['1', '2']])(
    'refuses the header %j',
    (given) => {
      const read = () => deadlineOf({ headers: { 'x-remaining-ms': given } }, 10_000)

      expect(read).toThrow(InvalidRequest)
      expect(read).toThrow(`Header x-remaining-ms is ${JSON.stringify(given)}: expected whole milliseconds.`)
    },
  )
})

describe('parse', () => {
  const Cart = z.strictObject({
    lines: z.array(z.strictObject({ sku: z.string(), quantity: z.number().int().min(1) })),
  })

  test.for([
    [undefined, 'body is missing: '],
    [null, 'body is null: '],
    [[], 'body is []: '],
    [{}, 'body.lines is missing: '],
    [{ lines: [{ sku: 'mug', quantity: -3 }] }, 'body.lines.0.quantity is -3: '],
    [{ lines: [{ sku: 7, quantity: 1 }] }, 'body.lines.0.sku is 7: '],
    [{ lines: [], isAdmin: true }, 'isAdmin'],
  ] as const)('says of %j: %s', ([value, sentence]) => {
    expect(() => parse('body', Cart, value)).toThrow(InvalidRequest)
    expect(() => parse('body', Cart, value)).toThrow(sentence)
  })

  test('lists every problem', () => {
    const value = { lines: [{ sku: 7, quantity: 'x' }] }

    expect(() => parse('body', Cart, value)).toThrow(/body\.lines\.0\.sku is 7: .+; body\.lines\.0\.quantity is "x": /)
  })

  test('shortens long values and survives values that are nested too deep to show', () => {
    const deep = JSON.parse(`${'['.repeat(30_000)}${']'.repeat(30_000)}`)

    expect(() => parse('body', z.number(), 'x'.repeat(1_000))).toThrow(/^body is "x{76}…: /)
    expect(() => parse('body', z.number(), deep)).toThrow(InvalidRequest)
  })

  test('gives back what fits', () => {
    expect(parse('body', Cart, { lines: [{ sku: 'mug', quantity: 1 }] })).toEqual({
      lines: [{ sku: 'mug', quantity: 1 }],
    })
  })
})

describe('the front door', () => {
  const flag = defineEdgeFlag('api')

  test('leaves nothing behind on a connection that is used again', async () => {
    const listeners: number[] = []
    const edge = { flags: fixedFlags({ 'api-edge': 'delay-250ms' }), flag }
    const door = withEdge((request, response) => {
      listeners.push(request.socket.listenerCount('close'))
      response.end()
    }, edge)
    const server = createServer(door).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    onTestFinished(() => {
      agent.destroy()
      server.close()
    })

    for (let i = 0; i < 2; i++) await statusOf((server.address() as AddressInfo).port, agent)

    expect(listeners).toHaveLength(2)
    expect(listeners[1]).toBe(listeners[0])
  })

  test('does not bother the service with a request whose caller has left', async () => {
    const served: string[] = []
    const arrived = Promise.withResolvers<void>()
    const flags = {
      revision: 'fixed',
      pick: () => {
        arrived.resolve()
        return 'delay-250ms' as never
      },
    }
    const app = { listener: () => served.push('late'), close: async () => {} }
    const listening = await listen(app, { service: 'api', host: '127.0.0.1', port: 0, edge: { flags, flag } })
    onTestFinished(() => listening[Symbol.asyncDispose]())
    const caller = new AbortController()

    const startedAt = performance.now()
    const call = fetch(listening.url, { signal: caller.signal })
    await arrived.promise
    caller.abort()

    await expect(call).rejects.toThrow('aborted')
    await eventually('its delay has passed', () => expect(performance.now() - startedAt).toBeGreaterThan(350))
    expect(served).toEqual([])
  })

  test('says which port is taken and what to do', async () => {
    const app = { listener: () => {}, close: async () => {} }
    const about = { service: 'api', host: '127.0.0.1', edge: { flags: fixedFlags({}), flag } }
    const first = await listen(app, { ...about, port: 0 })
    onTestFinished(() => first[Symbol.asyncDispose]())

    await expect(listen(app, { ...about, port: first.port })).rejects.toThrow(
      `Port ${first.port} is taken. Stop what uses it, or move every port of the lab with PORT_BASE=100.`,
    )
  })
})

function statusOf(port: number, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const call = httpRequest({ host: '127.0.0.1', port, agent }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode))
    })
    call.once('error', reject).end()
  })
}

// The line to the bank, seen from both of its ends: transparent, and with one connection in trouble.
import { once } from 'node:events'
import { Agent, createServer, request } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createLink } from '../../infra/world/link.ts'
import { createRandom } from '../../services/kit/random.ts'
import { eventually } from '../helpers/eventually.ts'
import { fixedFlags } from '../helpers/fixed-flags.ts'
import { startRefusingServer } from '../helpers/misbehaving.ts'

/** Longer than any calm call takes here, shorter than any that is held up. */
const heldUpMs = 300

describe('a clear line', () => {
  test('passes on every byte in both directions, and that one side has said all', async () => {
    const echo = createTcpServer({ allowHalfOpen: true }, (socket) => void socket.pipe(socket))
    const url = await startLink(await started(echo))
    const said = Buffer.alloc(3_000_000, 'a word of the bank ')
    const socket = connect(Number(url.port), url.hostname)

    socket.end(said)

    expect((await text(socket)).length).toBe(said.length)
  })

  test('takes next to nothing of the time', async () => {
    const bank = await started(createServer((_request, response) => response.end('ok')))
    const ways = [connection(bank), connection(await startLink(bank))]
    const tookMs: number[][] = [[], []]

    for (let i = 0; i < 200; i++) for (const [n, way] of ways.entries()) tookMs[n]?.push((await way.ask()).tookMs)

    const [direct = Number.NaN, through = Number.NaN] = tookMs.map((all) => all.sort((a, b) => a - b)[100])
    expect(through - direct).toBeLessThan(1)
  })

  test('breaks with the bank, and refuses when there is none', async () => {
    const bank = createTcpServer((socket) => void setTimeout(() => socket.resetAndDestroy(), 5))
    const links = [await startLink(await started(bank)), await startLink(new URL(await startRefusingServer()))]

    for (const url of links) await expect(connection(url).ask()).rejects.toThrow(/socket hang up|ECONNRESET/)
  })

  test('lets go of the bank when the shop goes away', async () => {
    const bank = createTcpServer((socket) => void socket.on('error', () => {}).resume())
    const url = await startLink(await started(bank))
    const socket = connect(Number(url.port), url.hostname)
    await eventually('it is connected', async () => expect(await connectionsOf(bank)).toBe(1))

    socket.resetAndDestroy()

    await eventually('it is not any more', async () => expect(await connectionsOf(bank)).toBe(0))
  })
})

describe('with one connection in trouble', () => {
  test('slow: it holds up each answer for half a second, the others none, and it is as good as any afterwards', async () => {
    const { ask, variants } = await startTwoConnections()
    variants['bank-link'] = 'one-slow'

    const first = await ask(0)
    const [again, other] = await Promise.all([ask(0), ask(1)])

    expect([first, again].map(({ tookMs }) => tookMs > heldUpMs)).toEqual([true, true])
    expect(other.tookMs).toBeLessThan(heldUpMs)
    variants['bank-link'] = 'clear'
    expect((await ask(0)).tookMs).toBeLessThan(heldUpMs)
  })

  test('slow: when it is closed, the trouble goes on with the next one in use', async () => {
    const { ask, close, variants } = await startTwoConnections()
    variants['bank-link'] = 'one-slow'
    await ask(0)
    await close(0)

    await eventually('the other one is slow', async () => expect((await ask(1)).tookMs).toBeGreaterThan(heldUpMs))
  })

  test('stalled: nothing comes back through it until the trouble is over', async () => {
    const { ask, variants } = await startTwoConnections()
    variants['bank-link'] = 'one-stalled'
    let isAnswered = false
    const stalled = ask(0).then(() => {
      isAnswered = true
    })
    await eventually('the first is in trouble', async () => expect((await ask(1)).tookMs).toBeLessThan(heldUpMs))

    expect(isAnswered).toBe(false)
    variants['bank-link'] = 'clear'
    await stalled
  })

  test('stalled: when the shop gives it up, the trouble goes on with the next one in use', async () => {
    const { ask, hangUp, variants } = await startTwoConnections()
    variants['bank-link'] = 'one-stalled'
    const stalled = expect(ask(0)).rejects.toThrow(/ECONNRESET|socket hang up/)
    await eventually('the first is in trouble', async () => expect((await ask(1)).tookMs).toBeLessThan(heldUpMs))
    hangUp(0)
    await stalled

    const next = ask(1)
    const first = await Promise.race([next.then(() => 'answered'), sleep(heldUpMs).then(() => 'held up')])
    expect(first).toBe('held up')
    variants['bank-link'] = 'clear'
    expect((await next).status).toBe(200)
  })

  test('cut: it breaks when it is used, and a new one takes its place', async () => {
    const { ask, variants } = await startTwoConnections()
    variants['bank-link'] = 'one-cut'

    await expect(ask(0)).rejects.toThrow(/ECONNRESET|socket hang up/)

    for (const n of [0, 1, 0, 1] as const) expect((await ask(n)).status).toBe(200)
  })
})

async function startLink(to: URL, variants: Record<string, string> = {}): Promise<URL> {
  const link = createLink({ to, flags: fixedFlags(variants), random: createRandom(1) })
  onTestFinished(() => link.close())
  return new URL(await link.listen({ host: '127.0.0.1', port: 0 }))
}

/** Two kept-alive connections through a line whose flags can be changed; each was used once. */
async function startTwoConnections() {
  const variants: Record<string, string> = {}
  const bank = await started(createServer((_request, response) => response.end('ok')))
  const url = await startLink(bank, variants)
  const both = [connection(url), connection(url)] as const
  for (const { ask } of both) await ask()
  return {
    variants,
    ask: (n: 0 | 1) => both[n].ask(),
    close: (n: 0 | 1) => both[n].close(),
    hangUp: (n: 0 | 1) => both[n].hangUp(),
  }
}

/** One connection that is kept alive, for one request at a time. */
function connection(url: URL) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  return {
    async ask(): Promise<{ status: number | undefined; tookMs: number }> {
      const startedAt = performance.now()
      const asked = request(url, { agent }).end()
      const [response] = await once(asked, 'response')
      await text(response)
      return { status: response.statusCode, tookMs: performance.now() - startedAt }
    },
    hangUp: () => agent.destroy(),
    async close(): Promise<void> {
      const sockets = Object.values(agent.freeSockets).flatMap((free) => free ?? [])
      agent.destroy()
      await Promise.all(sockets.map((socket) => socket.closed || once(socket, 'close')))
    },
  }
}

async function started(server: Server): Promise<URL> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
}

const connectionsOf = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => server.getConnections((error, count) => (error ? reject(error) : resolve(count))))

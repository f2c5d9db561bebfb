// The line between the shop and its bank: somebody else's network, which every connection to the bank goes through. It is
// transparent, until one connection gets into trouble; the others never notice.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { Flags } from '../../services/kit/flags/watch.ts'
import type { Random } from '../../services/kit/random.ts'
import { bankLink } from './flags.ts'
import { logNormal } from './latency.ts'

export type LinkOptions = { to: URL; flags: Flags; random: Random }
export type Link = {
  /** Answers the URL to reach the bank by. */
  listen(at: { host: string; port: number }): Promise<string>
  /** Breaks every connection, as a line that is cut. */
  close(): Promise<void>
}

/** How long a slow connection holds up what comes back through it: about half a second each time. */
const holdUp = { medianMs: 510, sigma: 0.08 }
/** How often a stalled connection looks whether it may go on. */
const stalledForMs = 50

export function createLink({ to, flags, random }: LinkOptions): Link {
  const clients = new Set<Socket>()
  let inTrouble: Socket | undefined

  /** Trouble takes the first connection that is in use then, and stays with it for as long as both last. A cut comes once. */
  function troubleOf(client: Socket) {
    const trouble = flags.pick(bankLink, { 'network.peer.port': String(client.remotePort) })
    const isOver = inTrouble !== undefined && isGone(inTrouble) && trouble !== 'one-cut'
    if (trouble === 'clear' || isOver) inTrouble = undefined
    if (trouble !== 'clear' && !isGone(client)) inTrouble ??= client
    return inTrouble === client ? trouble : 'clear'
  }

  /** Passes on what the bank says, at once or when its connection lets it. */
  const answersTo = (client: Socket) =>
    new Transform({
      transform(chunk, _encoding, pass) {
        const trouble = troubleOf(client)
        if (trouble === 'clear') pass(null, chunk)
        else if (trouble === 'one-cut') client.resetAndDestroy()
        else void heldUp(client, trouble).then(() => pass(null, chunk))
      },
    })

  async function heldUp(client: Socket, trouble: 'one-slow' | 'one-stalled'): Promise<void> {
    if (trouble === 'one-slow') return wait(logNormal(random, holdUp.medianMs, holdUp.sigma))
    while (troubleOf(client) === 'one-stalled') await wait(stalledForMs)
  }

  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    clients.add(client)
    client.once('close', () => clients.delete(client))
    const bank = connect({
      host: to.hostname.replace(/^\[|\]$/g, ''),
      port: Number(to.port),
      noDelay: true,
      allowHalfOpen: true,
    })
    // One side that breaks takes the other with it.
    void Promise.allSettled([pipeline(client, bank), pipeline(bank, answersTo(client), client)])
  })
  return {
    async listen({ host, port }) {
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
      return `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const client of clients) client.destroy()
      await closed
    },
  }
}

/** Closed, or closed by whoever opened it: an answer that is held up keeps our side of it open. */
const isGone = (client: Socket): boolean => client.destroyed || client.readableEnded

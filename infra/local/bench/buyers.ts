// Customers who mean it: each asks until the answer is final, and an order that was given up is tried again under a new key.
import { setTimeout as sleep } from 'node:timers/promises'
import { headers } from '../../../services/kit/telemetry/names.ts'

/** What became of one key. */
export type Final = { key: string; cartId: string; userId: string; orderId: string; isPlaced: boolean }

export type Buyers = {
  finals: readonly Final[]
  /** Buys so many times, twenty customers at a time, until each order is placed. */
  buy(orderCount: number): Promise<void>
  /** Of some of the finals: asked once more with the same key, the shop does not answer with the same order. */
  forgotten(): Promise<Final[]>
}

type Answer = { status: number; body: Record<string, unknown> }

const atATime = 20
/** How long a shop that is being killed may take to give a final answer. */
const patience = { withinMs: 60_000, everyMs: 200 }
const recheckEvery = 10

export function createBuyers(apiUrl: string): Buyers {
  const finals: Final[] = []
  const shop = shopClient(apiUrl)

  const buyUntilPlaced = async (n: number): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      const final = await askUntilFinal(n, `order-${n}-${attempt}`)
      finals.push(final)
      if (final.isPlaced) return
    }
  }
  const askUntilFinal = async (n: number, key: string): Promise<Final> => {
    const userId = `u${String((n % 200) + 1).padStart(3, '0')}`
    const lines = ['enamel-mug', n % 2 ? 'felt-lamp' : 'steel-jar'].map((sku) => ({ sku, quantity: 1 }))
    const cartId = await untilAnswered(() => shop.addCart(lines, userId))
    const answer = await untilAnswered(async () => {
      const { status, body } = await shop.placeOrder(cartId, userId, key)
      if (status >= 500 || body.code === 'checkout_in_progress') throw new Error(`${status} ${body.code}`)
      return { status, body }
    })
    return { key, cartId, userId, ...orderOf(answer) }
  }
  return {
    finals,
    async buy(orderCount) {
      let next = 0
      const buyer = async () => {
        for (let n = next++; n < orderCount; n = next++) await buyUntilPlaced(n)
      }
      await Promise.all(Array.from({ length: atATime }, buyer))
    },
    async forgotten() {
      const different: Final[] = []
      for (const final of finals.filter((_, n) => n % recheckEvery === 0)) {
        const answer = await shop.placeOrder(final.cartId, final.userId, final.key)
        const isSame = answer.status === (final.isPlaced ? 200 : 409) && orderOf(answer).orderId === final.orderId
        if (!isSame) different.push(final)
      }
      return different
    },
  }
}

/** Messages about an order name it. */
function orderOf({ status, body }: Answer): { orderId: string; isPlaced: boolean } {
  const isPlaced = status === 200 || status === 201
  if (isPlaced) return { orderId: String(body.orderId), isPlaced }
  const message = String(body.message)
  return { orderId: /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(message)?.[0] ?? message, isPlaced }
}

async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patience.withinMs
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (Date.now() > deadline) throw new Error('The shop gave no final answer within a minute.', { cause: error })
    }
    await sleep(patience.everyMs)
  }
}

function shopClient(apiUrl: string) {
  const tokens = new Map<string, string>()
  const post = async (path: string, body: unknown, more: Record<string, string> = {}): Promise<Answer> => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...more },
      body: JSON.stringify(body),
    }
    const response = await fetch(new URL(path, apiUrl), init)
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const as = async (userId: string) => {
    const token = tokens.get(userId) ?? String((await post('/api/session', { userId })).body.token)
    tokens.set(userId, token)
    return { authorization: `Bearer ${token}` }
  }
  return {
    async addCart(lines: object[], userId: string): Promise<string> {
      const { status, body } = await post('/api/carts', { lines }, await as(userId))
      if (status !== 201) throw new Error(`${status} ${body.code}`)
      return String(body.cartId)
    },
    placeOrder: async (cartId: string, userId: string, key: string) =>
      post('/api/checkout', { cartId }, { ...(await as(userId)), [headers.idempotencyKey]: key }),
  }
}

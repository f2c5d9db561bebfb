// The storefront of the console: buy something as one of the shop's customers, and see how long that took.
import type { FastifyInstance } from 'fastify'
import { createClient } from '../../loadtest/client.ts'
import type { Outcome } from '../../loadtest/outcome.ts'
import { personaOf } from '../../loadtest/personas.ts'
import { createSessions } from '../../loadtest/sessions.ts'
import type { TraceUrl } from '../../loadtest/text.ts'
import { visit } from '../../loadtest/visit.ts'
import { InvalidRequest } from '../kit/errors.ts'
import { parse } from '../kit/http/parse.ts'
import { coupons, issuers, products, soldOutProducts, type User, users, userWithEmptyCard } from '../kit/seed.ts'
import { slo } from '../kit/slo.ts'
import { Purchase } from './contract.ts'

export type ShopDeps = { target: URL; traceUrl: TraceUrl }

/** Longer than the shop allows itself. */
const answerWithinMs = 15_000
/** As many as people look through. */
const shelf = [...products.slice(0, 24), ...soldOutProducts.slice(0, 1)]
const tiers = ['standard', 'gold', 'business'] as const

export function addShopRoutes(app: FastifyInstance, { target, traceUrl }: ShopDeps): void {
  const client = createClient(target, answerWithinMs)
  const sessions = createSessions(client, new Map())
  const stopped = new AbortController()
  // Apart from the keys of purchases before a restart.
  const run = `storefront-${Date.now().toString(36)}`
  let purchases = 0
  app.addHook('onClose', async () => {
    stopped.abort()
    client[Symbol.dispose]()
  })

  app.get('/api/shop', async () => ({
    products: shelf.map(({ sku, name, priceCents, stock }) => ({ sku, name, priceCents, isSoldOut: stock === 0 })),
    customers: customers.map(({ id, tier, issuer }) => ({ id, tier, issuer, isBroke: id === userWithEmptyCard })),
    coupons: coupons.map(({ code }) => code),
    sloMs: slo.thresholdMs,
  }))

  app.post('/api/shop/checkouts', async ({ body }) => {
    const { customer, lines, coupon } = parse('body', Purchase, body)
    const user = users.find(({ id }) => id === customer)
    if (user === undefined) throw new InvalidRequest(`There is no customer "${customer}": expected u001 to u500.`)
    const persona = { ...personaOf(user, lines), ...(coupon === undefined ? {} : { coupon }) }
    purchases += 1
    const arrival = { iteration: purchases, atMs: 0, journey: 'checkout', persona, seed: 0 } as const
    const deps = { client, sessions, run, aheadMs: 0, signal: stopped.signal }
    const outcome = await visit(arrival, performance.now(), deps)
    return receiptOf(outcome, traceUrl)
  })
}

function receiptOf(outcome: Outcome | undefined, traceUrl: TraceUrl) {
  if (outcome === undefined) throw new InvalidRequest('The workshop is stopping.')
  const { status, code, failedStep, orderId, traceId, requestMs, latencyMs, dueEpochMs } = outcome
  return {
    status,
    tookMs: requestMs ?? latencyMs,
    ...(code === undefined ? {} : { code }),
    ...(failedStep === undefined ? {} : { failedStep }),
    ...(orderId === undefined ? {} : { orderId }),
    ...(traceId === undefined ? {} : { traceId, traceUrl: traceUrl(traceId, dueEpochMs) }),
  }
}

/** One for each tier and issuer, and the one whose card has nothing left. */
const customers: readonly User[] = [
  ...tiers.flatMap((tier) =>
    issuers.flatMap(({ name }) => users.find((one) => one.tier === tier && one.issuer === name) ?? []),
  ),
  ...users.filter(({ id }) => id === userWithEmptyCard),
]

// The wholesaler's ERP: knows what business customers were promised. One question takes its time, however many products
// are asked about. It is outside: not instrumented.
import { setTimeout as wait } from 'node:timers/promises'
import fastify, { type FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Flags } from '../../services/kit/flags/watch.ts'
import type { Random } from '../../services/kit/random.ts'
import { erpLoad } from './flags.ts'
import { logNormal } from './latency.ts'

const Question = z.object({ skus: z.array(z.string()).max(100) })

/** The more of a product is taken, the less it costs; the same for every product. */
const agreed = [
  { minQuantity: 20, percent: 12 },
  { minQuantity: 10, percent: 8 },
  { minQuantity: 5, percent: 5 },
]

const sigma = 0.2

/** How much longer everything takes while the month is being closed. */
const monthEndFactor = 12

export type ErpOptions = { flags: Flags; random: Random; medianMs: number }

export function buildErp({ flags, random, medianMs }: ErpOptions): FastifyInstance {
  const app = fastify({ logger: false })
  app.get('/healthz', async () => ({ status: 'ok', service: 'erp' }))
  app.post('/agreements', async (request) => {
    const { skus } = Question.parse(request.body)
    const isMonthEnd = flags.pick(erpLoad, { 'shop.sku': skus[0] ?? '' }) === 'month-end'
    await wait(logNormal(random, medianMs * (isMonthEnd ? monthEndFactor : 1), sigma))
    return { discounts: skus.flatMap((sku) => agreed.map((step) => ({ sku, ...step }))) }
  })
  return app
}

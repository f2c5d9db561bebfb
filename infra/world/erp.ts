// The wholesaler's ERP: knows what business customers were promised. One question takes its time, however many products
// are asked about. It is outside: not instrumented.
import { setTimeout as wait } from 'node:timers/promises'
import fastify, { type FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Random } from '../../services/kit/random.ts'
import { logNormal } from './latency.ts'

const Question = z.object({ skus: z.array(z.string()).max(100) })

/** The more of a product is taken, the less it costs; the same for every product. */
const agreed = [
  { minQuantity: 20, percent: 12 },
  { minQuantity: 10, percent: 8 },
  { minQuantity: 5, percent: 5 },
]

const sigma = 0.2

export function buildErp({ random, medianMs }: { random: Random; medianMs: number }): FastifyInstance {
  const app = fastify({ logger: false })
  app.get('/healthz', async () => ({ status: 'ok', service: 'erp' }))
  app.post('/agreements', async (request) => {
    const { skus } = Question.parse(request.body)
    await wait(logNormal(random, medianMs, sigma))
    return { discounts: skus.flatMap((sku) => agreed.map((step) => ({ sku, ...step }))) }
  })
  return app
}

// The wholesaler's ERP: knows what business customers were promised, what everything costs and what is on its way to us. One
// question takes its time, however many products are asked about. It is outside: not instrumented.
import { setTimeout as wait } from 'node:timers/promises'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Flags } from '../../services/kit/flags/watch.ts'
import type { Random } from '../../services/kit/random.ts'
import { products, soldOutProducts } from '../../services/kit/seed.ts'
import { attributes, cartSizeOf } from '../../services/kit/telemetry/names.ts'
import { agreementLookup } from './flags.ts'
import { logNormal } from './latency.ts'
import { createTurns } from './turns.ts'

const list = [...products, ...soldOutProducts].map(({ sku, priceCents }) => ({ sku, priceCents }))
const productsPerPage = 25
const lastPage = Math.ceil(list.length / productsPerPage)

/** Lists are printed by two processes, as in ERPs of its age: whoever asks while both are busy waits for a turn. */
const listProcesses = 2
/** How much longer a page of the list takes than an answer about agreements. */
const pageFactor = 1.6

const Page = z.object({ page: z.coerce.number().int().min(1).max(lastPage).default(1) })
const Question = z.object({ skus: z.array(z.string()).max(100) })
const DeliveryQuestion = z.object({ skus: z.array(z.string()).max(1_000) })

/** The more of a product is taken, the less it costs; the same for every product. */
const agreed = [
  { minQuantity: 20, percent: 12 },
  { minQuantity: 10, percent: 8 },
  { minQuantity: 5, percent: 5 },
]

const sigma = 0.2

/** What finding an agreement takes besides: old disks behind an old program, always about as slow. */
const places = {
  'at-hand': undefined,
  'on-file': { medianMs: 70, sigma: 0.05 },
  'in-archive': { medianMs: 240, sigma: 0.08 },
  overseas: { medianMs: 530, sigma: 0.08 },
}

/** For what is on its way it asks its carriers, which takes so many times as long as what it knows itself. */
const carriersFactor = 60
const carriersSigma = 0.1

export type ErpOptions = { flags: Flags; random: Random; medianMs: number }

/** The ERP does not trace; but whoever asks again within a trace says so. */
const traceOf = ({ headers }: FastifyRequest): string => String(headers.traceparent ?? '').split('-')[1] ?? ''

export function buildErp({ flags, random, medianMs }: ErpOptions): FastifyInstance {
  const app = fastify({ logger: false })
  app.get('/healthz', async () => ({ status: 'ok', service: 'erp' }))
  app.post('/agreements', async (request) => {
    const { skus } = Question.parse(request.body)
    await wait(logNormal(random, medianMs, sigma))
    const about = { trace_id: traceOf(request), [attributes.cartSize]: cartSizeOf(skus.length) }
    const place = places[flags.pick(agreementLookup, about)]
    if (place !== undefined) await wait(logNormal(random, place.medianMs, place.sigma))
    return { discounts: skus.flatMap((sku) => agreed.map((step) => ({ sku, ...step }))) }
  })
  const inTurn = createTurns(listProcesses)
  app.get('/price-list', async (request) => {
    const { page } = Page.parse(request.query)
    await inTurn(() => wait(logNormal(random, medianMs * pageFactor, sigma)))
    const prices = list.slice((page - 1) * productsPerPage, page * productsPerPage)
    return { prices, nextPage: page < lastPage ? page + 1 : null }
  })
  app.post('/deliveries', async (request) => {
    const { skus } = DeliveryQuestion.parse(request.body)
    await wait(logNormal(random, medianMs * carriersFactor, carriersSigma))
    return { deliveries: skus.map((sku) => ({ sku, pieces: (sku.length % 4) * 50 })) }
  })
  return app
}

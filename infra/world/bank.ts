// A bank: idempotent by order id, as slow as banks are, and sometimes wanting to be asked again. It is outside: nothing
// here is instrumented, and being slow is all it does wrong.
import { setTimeout as wait } from 'node:timers/promises'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Flags } from '../../services/kit/flags/watch.ts'
import type { Random } from '../../services/kit/random.ts'
import { issuers, users } from '../../services/kit/seed.ts'
import { attributes } from '../../services/kit/telemetry/names.ts'
import { cardChecks, companyCards } from './flags.ts'
import { logNormal } from './latency.ts'
import type { Ledger } from './ledger.ts'

export type BankOptions = {
  ledger: Ledger
  flags: Flags
  random: Random
  medianMs: number
  hiccupProbability: number
}

const Authorise = z.object({ amountCents: z.number().int().min(1), card: z.string(), issuer: z.string() })
const Path = z.object({ orderId: z.uuid() })

const limits = new Map(users.map((user) => [user.cardToken, user.limitCents]))
const companies = new Set(users.filter((user) => user.tier === 'business').map((user) => user.cardToken))
const factors = new Map<string, number>(issuers.map((issuer) => [issuer.name, issuer.latencyFactor]))

/** Spread of the bank's answering time (log-normal): one in a hundred takes twice the median. */
const sigma = 0.3

/** An issuer that asks its customer in an app: quick fingers, most of the time. */
const stepUp = { medianMs: 750, sigma: 0.15 }
/** A bookkeeper with the app open all day. */
const approval = { medianMs: 910, sigma: 0.1 }

export function buildBank(options: BankOptions): FastifyInstance {
  const { ledger, flags, random, medianMs, hiccupProbability } = options
  const app = fastify({ logger: false })

  app.get('/healthz', async () => ({ status: 'ok', service: 'bank', revision: flags.revision }))
  app.get('/ledger', async (_request, reply) => reply.type('application/x-ndjson').send(await ledger.lines()))

  app.addHook('preHandler', async (request, reply) => {
    if (request.method !== 'POST') return
    const { issuer } = (request.body ?? {}) as { issuer?: string }
    await wait(logNormal(random, medianMs * (factors.get(issuer ?? '') ?? 1), sigma))
    if (random() < hiccupProbability) return reply.status(503).send({ error: 'ask again' })
  })

  app.post('/authorisations/:orderId', async (request) => {
    const { amountCents, card, issuer } = Authorise.parse(request.body)
    const about = { [attributes.issuer]: issuer, [attributes.orderId]: orderOf(request) } as const
    if (flags.pick(cardChecks, about) === 'step-up') await wait(logNormal(random, stepUp.medianMs, stepUp.sigma))
    const isCompany = companies.has(card)
    if (isCompany && flags.pick(companyCards, about) === 'approved')
      await wait(logNormal(random, approval.medianMs, approval.sigma))
    const state = amountCents <= (limits.get(card) ?? 0) ? 'authorised' : 'declined'
    return ledger.enter(orderOf(request), (before) => (before === undefined ? { state, amountCents } : undefined))
  })

  // A void of something the bank has not heard of yet is remembered, so that a late authorisation is refused.
  app.post('/authorisations/:orderId/void', async (request) =>
    ledger.enter(orderOf(request), (before) => {
      if (before?.state === 'voided' || before?.state === 'captured') return undefined
      return { state: 'voided', amountCents: before?.amountCents ?? 0 }
    }),
  )

  app.post('/authorisations/:orderId/capture', async (request, reply) => {
    const line = await ledger.enter(orderOf(request), (before) =>
      before?.state === 'authorised' ? { state: 'captured', amountCents: before.amountCents } : undefined,
    )
    return line?.state === 'captured' ? line : reply.status(409).send({ error: 'nothing to capture' })
  })
  return app
}

function orderOf(request: FastifyRequest): string {
  return Path.parse(request.params).orderId
}

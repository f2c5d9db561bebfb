// A bank: idempotent by order id, as slow as banks are, and sometimes wanting to be asked again. It is outside: nothing
// here is instrumented, and being slow is all it does wrong.
import { setTimeout as wait } from 'node:timers/promises'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Flags } from '../../services/kit/flags/watch.ts'
import type { Random } from '../../services/kit/random.ts'
import { issuers, users } from '../../services/kit/seed.ts'
import { attributes } from '../../services/kit/telemetry/names.ts'
import { bankQuota, cardChecks, companyCards } from './flags.ts'
import { logNormal } from './latency.ts'
import type { Ledger } from './ledger.ts'
import { createQuota } from './quota.ts'
import { createSessions } from './sessions.ts'

export type BankOptions = {
  ledger: Ledger
  flags: Flags
  random: Random
  medianMs: number
  hiccupProbability: number
  /** How long it takes to open a session, and how long one is good. */
  session: { medianMs: number; validForMs: number }
}

const Authorise = z.object({ amountCents: z.number().int().min(1), card: z.string(), issuer: z.string() })
const bearer = /^Bearer (\S+)$/
const Path = z.object({ orderId: z.uuid() })

const limits = new Map(users.map((user) => [user.cardToken, user.limitCents]))
const companies = new Set(users.filter((user) => user.tier === 'business').map((user) => user.cardToken))
const factors = new Map<string, number>(issuers.map((issuer) => [issuer.name, issuer.latencyFactor]))

/** Spread of the bank's answering time (log-normal): one in a hundred takes twice the median. */
const sigma = 0.3

/** Whether the shop may do business is decided elsewhere in the bank, and that takes its time. */
const sessionSigma = 0.1

/** An issuer that asks its customer in an app: quick fingers, most of the time. */
const stepUp = { medianMs: 750, sigma: 0.15 }
/** A bookkeeper with the app open all day. */
const approval = { medianMs: 910, sigma: 0.1 }

/** A tight quota of one issuer: two at once, and one more every tenth of a second. Who comes too soon may come in a second. */
const tight = { ratePerSecond: 10, burst: 2, retryAfterSeconds: 1 }

export function buildBank(options: BankOptions): FastifyInstance {
  const { ledger, flags, random, medianMs, hiccupProbability, session } = options
  const sessions = createSessions(session.validForMs)
  const quota = createQuota(tight.ratePerSecond, tight.burst)
  const app = fastify({ logger: false })

  // What it took the bank itself, said to whoever wonders where the time went.
  const arrivedAt = new WeakMap<FastifyRequest, number>()
  app.addHook('onRequest', async (request) => void arrivedAt.set(request, performance.now()))
  app.addHook('onSend', async (request, reply) => {
    const ownMs = performance.now() - (arrivedAt.get(request) ?? Number.NaN)
    reply.header('server-timing', `bank;dur=${ownMs.toFixed(1)}`)
  })

  app.get('/healthz', async () => ({ status: 'ok', service: 'bank', revision: flags.revision }))
  app.get('/ledger', async (_request, reply) => reply.type('application/x-ndjson').send(ledger.read()))

  app.post('/sessions', async (_request, reply) => {
    await wait(logNormal(random, session.medianMs, sessionSigma))
    return reply.status(201).send(sessions.open())
  })

  app.addHook('preHandler', async (request, reply) => {
    if (!request.url.startsWith('/authorisations/')) return
    if (!sessions.isGood(bearer.exec(request.headers.authorization ?? '')?.[1])) {
      return reply.status(401).send({ error: 'no session' })
    }
    const { issuer } = (request.body ?? {}) as { issuer?: string }
    if (issuer !== undefined && isTooSoon(issuer, orderOf(request))) {
      return reply.status(429).header('retry-after', tight.retryAfterSeconds).send({ error: 'later' })
    }
    await wait(logNormal(random, medianMs * (factors.get(issuer ?? '') ?? 1), sigma))
    if (random() < hiccupProbability) return reply.status(503).send({ error: 'ask again' })
  })

  const isTooSoon = (issuer: string, orderId: string): boolean =>
    flags.pick(bankQuota, { [attributes.issuer]: issuer, [attributes.orderId]: orderId }) === 'tight' &&
    !quota.take(issuer)

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

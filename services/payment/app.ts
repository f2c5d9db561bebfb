// The routes of payment (Fastify).
import { z } from 'zod'
import type { App } from '../kit/http/app.ts'
import { deadlineOf } from '../kit/http/deadline.ts'
import { fastifyApp } from '../kit/http/fastify.ts'
import { parse } from '../kit/http/parse.ts'
import type { Logger } from '../kit/telemetry/log.ts'
import { authorise, eligibility, type PaymentDeps } from './authorise.ts'
import { AuthoriseRequest, UserId } from './contract.ts'
import { voidAuthorisation } from './settle.ts'

/** Longer than any checkout may take. */
const atMostMs = 10_000

const OrderPath = z.object({ orderId: z.uuid() })
const UserPath = z.object({ userId: UserId })

export function buildApp(deps: PaymentDeps & { log: Logger }): Promise<App> {
  return fastifyApp(deps.log, (app) => {
    app.post('/authorisations', async (request, reply) => {
      const order = parse('body', AuthoriseRequest, request.body)
      return reply.status(201).send(await authorise(order, deadlineOf(request, atMostMs), deps))
    })
    app.delete('/authorisations/:orderId', async (request) => {
      const { orderId } = parse('path', OrderPath, request.params)
      return voidAuthorisation(orderId, deadlineOf(request, atMostMs), deps)
    })
    app.get('/eligibility/:userId', async (request) => {
      return eligibility(parse('path', UserPath, request.params).userId, deps)
    })
  })
}

// The routes of inventory (Fastify).
import { z } from 'zod'
import type { App } from '../kit/http/app.ts'
import { deadlineOf } from '../kit/http/deadline.ts'
import { fastifyApp } from '../kit/http/fastify.ts'
import { parse } from '../kit/http/parse.ts'
import type { Logger } from '../kit/telemetry/log.ts'
import { catalogue, quoteCart } from './browse.ts'
import { CartRequest, ReserveRequest } from './contract.ts'
import { type ReportDeps, stockReport } from './report.ts'
import { type ReserveDeps, reserve } from './reserve.ts'
import { release } from './settle.ts'

/** Longer than any checkout may take. */
const atMostMs = 10_000

const OrderPath = z.object({ orderId: z.uuid() })

export function buildApp(deps: ReserveDeps & ReportDeps & { log: Logger }): Promise<App> {
  return fastifyApp(deps.log, (app) => {
    app.post('/reservations', async (request, reply) => {
      const cart = parse('body', ReserveRequest, request.body)
      return reply.status(201).send(await reserve(cart, deadlineOf(request, atMostMs), deps))
    })
    app.delete('/reservations/:orderId', async (request) => {
      return release(parse('path', OrderPath, request.params).orderId, deps)
    })
    app.post('/quotes', async (request) => {
      return quoteCart(parse('body', CartRequest, request.body), deadlineOf(request, atMostMs), deps)
    })
    app.get('/catalogue', async (request) => catalogue(deadlineOf(request, atMostMs), deps))
    app.get('/stock-report', async (request) => stockReport(deadlineOf(request, atMostMs), deps))
  })
}

// The shop's public routes (Express).
import type { Request, RequestHandler } from 'express'
import { z } from 'zod'
import type { App } from '../kit/http/app.ts'
import { deadlineIn } from '../kit/http/deadline.ts'
import { expressApp } from '../kit/http/express.ts'
import { parse } from '../kit/http/parse.ts'
import type { Logger } from '../kit/telemetry/log.ts'
import { headers } from '../kit/telemetry/names.ts'
import type { Admission } from './admission.ts'
import { addCart, quoteCart } from './cart.ts'
import { type CheckoutDeps, checkout } from './checkout.ts'
import { CartRequest, CheckoutRequest, IdempotencyKey, QuoteQuery, SignInRequest } from './contract.ts'
import { orderOf } from './orders.ts'
import type { Sessions } from './session.ts'

export type ApiDeps = CheckoutDeps & { sessions: Sessions; admission: Admission; log: Logger }

/** Reading may take this long; a checkout has a deadline of its own. */
const readWithinMs = 5_000

export function buildApp(deps: ApiDeps): App {
  const { sessions, admission, store, inventory, log } = deps
  return expressApp(log, (app) => {
    app.post('/api/session', async (request, response) => {
      response.json(await sessions.open(parse('body', SignInRequest, request.body).userId))
    })
    app.get('/api/products', async (_request, response) => {
      response.json(await inventory.catalogue(deadlineIn(readWithinMs)))
    })
    app.post('/api/carts', async (request, response) => {
      const user = await sessions.userOf(request)
      response.status(201).json(await addCart(parse('body', CartRequest, request.body), user, deps))
    })
    app.get('/api/checkout', async (request, response) => {
      const user = await sessions.userOf(request)
      const { cart } = parse('query', QuoteQuery, request.query)
      response.json(await quoteCart(cart, user, deadlineIn(readWithinMs), deps))
    })
    app.post('/api/checkout', timed(deps), async (request, response) => {
      // Until the work is done, not the answer: who hangs up leaves a checkout behind.
      using _ = admission.enter()
      const user = await sessions.userOf(request)
      const { cartId } = parse('body', CheckoutRequest, request.body)
      const { order, isNew } = await checkout({ user, cartId, key: keyOf(request) }, deps)
      response.status(isNew ? 201 : 200).json(order)
    })
    app.get('/api/orders/:orderId', async (request, response) => {
      const user = await sessions.userOf(request)
      const { orderId } = parse('path', z.object({ orderId: z.uuid() }), request.params)
      response.json(await orderOf(orderId, user, store))
    })
  })
}

function keyOf(request: Request): string {
  return parse(`header ${headers.idempotencyKey}`, IdempotencyKey, request.headers[headers.idempotencyKey])
}

/** Measures every checkout from its arrival in the app to the response's end: its server span, less what the front door adds. */
function timed({ signals }: ApiDeps): RequestHandler {
  return (_request, response, next) => {
    const answered = signals.checkoutArrived()
    response.once('close', () => {
      // A customer who hung up got no answer, whatever status it would have had.
      const outcome = response.statusCode < 400 ? 'placed' : String(response.locals.code)
      answered(response.writableFinished ? outcome : 'aborted')
    })
    next()
  }
}

// The routes of pricing (Express).
import type { App } from '../kit/http/app.ts'
import { deadlineOf } from '../kit/http/deadline.ts'
import { expressApp } from '../kit/http/express.ts'
import { parse } from '../kit/http/parse.ts'
import type { Logger } from '../kit/telemetry/log.ts'
import { QuoteRequest } from './contract.ts'
import { type QuoteDeps, quote } from './quote.ts'

/** Longer than any checkout may take. */
const atMostMs = 10_000

export function buildApp(deps: QuoteDeps & { log: Logger }): App {
  return expressApp(deps.log, (app) => {
    app.post('/quotes', async (request, response) => {
      const cart = parse('body', QuoteRequest, request.body)
      response.json(await quote(cart, deadlineOf(request, atMostMs), deps))
    })
    app.get('/price-list', async (_request, response) => {
      response.json({ prices: await deps.store.allPrices() })
    })
  })
}

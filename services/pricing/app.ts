// The routes of pricing (Express).
import type { App } from '../kit/http/app.ts'
import { expressApp } from '../kit/http/express.ts'
import { parse } from '../kit/http/parse.ts'
import type { Logger } from '../kit/telemetry/log.ts'
import { QuoteRequest } from './contract.ts'
import { type QuoteDeps, quote } from './quote.ts'

export function buildApp(deps: QuoteDeps & { log: Logger }): App {
  return expressApp(deps.log, (app) => {
    app.post('/quotes', async (request, response) => {
      response.json(await quote(parse('body', QuoteRequest, request.body), deps))
    })
    app.get('/price-list', async (_request, response) => {
      response.json({ prices: await deps.store.allPrices() })
    })
  })
}

// Talks to the bank: a third party over HTTP, idempotent by order id, that now and then has to be asked twice.
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { DeadlineExceeded } from '../kit/errors.ts'
import type { Deadline } from '../kit/http/deadline.ts'
import { towards } from '../kit/telemetry/peer.ts'
import { BankRefused, BankUnavailable } from './errors.ts'
import type { PaymentSignals } from './signals.ts'
import type { Card } from './store.ts'

export type Bank = {
  authorise(order: { orderId: string; amountCents: number }, card: Card, deadline: Deadline): Promise<BankAnswer>
  void(orderId: string, deadline: Deadline): Promise<BankAnswer>
  capture(orderId: string, deadline: Deadline): Promise<BankAnswer>
}

const BankAnswer = z.object({ state: z.enum(['authorised', 'declined', 'voided', 'captured']), reference: z.string() })
export type BankAnswer = z.output<typeof BankAnswer>

/** Attempts per call, and the pause before each further one: enough for a hiccup, too little to add to an outage. */
const attempts = 3
const pauseMs = 20

export function createBank(baseUrl: string, signals: PaymentSignals): Bank {
  const ask = (orderId: string, path: string, body: unknown, deadline: Deadline) =>
    towards('bank', () => persist(orderId, () => once(new URL(path, baseUrl), body, deadline)))

  async function persist(orderId: string, attempt: () => Promise<BankAnswer>): Promise<BankAnswer> {
    for (let count = 1; ; count++) {
      try {
        return await attempt()
      } catch (error) {
        if (count === attempts || !(error instanceof BankUnavailable)) throw error
        signals.retried(orderId, count, error.code)
        await wait(pauseMs * count)
      }
    }
  }

  return {
    authorise: ({ orderId, amountCents }, card, deadline) =>
      ask(orderId, `/authorisations/${orderId}`, { amountCents, card: card.token, issuer: card.issuer }, deadline),
    void: (orderId, deadline) => ask(orderId, `/authorisations/${orderId}/void`, {}, deadline),
    capture: (orderId, deadline) => ask(orderId, `/authorisations/${orderId}/capture`, {}, deadline),
  }
}

async function once(url: URL, body: unknown, deadline: Deadline): Promise<BankAnswer> {
  deadline.check()
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: deadline.signal,
  }).catch((error: unknown) => {
    if (deadline.signal.aborted) throw new DeadlineExceeded('The bank did not answer in time.', { cause: error })
    throw new BankUnavailable({ cause: error })
  })
  const answer = BankAnswer.safeParse(await response.json().catch(() => undefined))
  if (response.ok && answer.success) return answer.data
  const isRefusal = response.status >= 400 && response.status < 500 && response.status !== 429
  if (isRefusal) throw new BankRefused(response.status)
  throw new BankUnavailable({ cause: new Error(`HTTP ${response.status}`) })
}

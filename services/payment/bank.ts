// Talks to the bank: a third party over HTTP, idempotent by order id, that now and then has to be asked twice.
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { type AppError, DeadlineExceeded } from '../kit/errors.ts'
import type { Deadline } from '../kit/http/deadline.ts'
import { towards } from '../kit/telemetry/peer.ts'
import { BankBusy, BankRefused, BankUnavailable } from './errors.ts'
import type { Sessions } from './session.ts'
import type { PaymentSignals } from './signals.ts'
import type { Card } from './store.ts'

export type Bank = {
  authorise(order: { orderId: string; amountCents: number }, card: Card, deadline: Deadline): Promise<BankAnswer>
  void(orderId: string, deadline: Deadline): Promise<BankAnswer>
  capture(orderId: string, deadline: Deadline): Promise<BankAnswer>
}

const BankAnswer = z.object({ state: z.enum(['authorised', 'declined', 'voided', 'captured']), reference: z.string() })
export type BankAnswer = z.output<typeof BankAnswer>

type Question = {
  orderId: string
  path: string
  body: { issuer?: string; amountCents?: number; card?: string }
  deadline: Deadline
}

/** Attempts per call that is not answered, and the pause before each further one: enough for a hiccup, too little to add to an outage. */
const attempts = 3
const pauseMs = 20

export function createBank(
  baseUrl: string,
  { sessions, signals }: { sessions: Sessions; signals: PaymentSignals },
): Bank {
  const ask = (orderId: string, path: string, body: Question['body'], deadline: Deadline) =>
    towards('bank', () => persist({ orderId, path, body, deadline }))

  async function persist(question: Question): Promise<BankAnswer> {
    let hiccups = 0
    for (let count = 1; ; count++) {
      try {
        return await once(question)
      } catch (error) {
        if (error instanceof BankUnavailable) hiccups += 1
        const againInMs = pauseBefore(error, hiccups, question.deadline)
        if (againInMs === undefined) throw error
        signals.retried(question.orderId, count, error as AppError, againInMs)
        await wait(againInMs)
      }
    }
  }

  async function once({ orderId, path, body, deadline }: Question): Promise<BankAnswer> {
    deadline.check()
    const session = await sessions.current(orderId, deadline)
    const startedAt = performance.now()
    const response = await fetch(new URL(path, baseUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${session}` },
      body: JSON.stringify(body),
      signal: deadline.signal,
    }).catch((error: unknown) => {
      if (deadline.signal.aborted) throw new DeadlineExceeded('The bank did not answer in time.', { cause: error })
      throw new BankUnavailable({ cause: error })
    })
    const answer = BankAnswer.safeParse(await response.json().catch(() => undefined))
    if (response.ok && answer.success) {
      const waitedMs = performance.now() - startedAt
      signals.answered(orderId, { issuer: body.issuer, waitedMs, ownMs: ownMsOf(response) })
      return answer.data
    }
    if (response.status === 401) sessions.forget(session)
    const retryAfterMs = Number(response.headers.get('retry-after')) * 1000
    if (response.status === 429 && retryAfterMs > 0) throw new BankBusy(retryAfterMs)
    if (isRefusal(response.status)) throw new BankRefused(response.status)
    throw new BankUnavailable({ status: response.status })
  }

  return {
    authorise: ({ orderId, amountCents }, card, deadline) =>
      ask(orderId, `/authorisations/${orderId}`, { amountCents, card: card.token, issuer: card.issuer }, deadline),
    void: (orderId, deadline) => ask(orderId, `/authorisations/${orderId}/void`, {}, deadline),
    capture: (orderId, deadline) => ask(orderId, `/authorisations/${orderId}/capture`, {}, deadline),
  }
}

/** How long to wait before the next attempt; undefined when there is none. A bank that says when is asked then, while there is time. */
function pauseBefore(error: unknown, hiccups: number, deadline: Deadline): number | undefined {
  if (error instanceof BankBusy) return error.retryAfterMs < deadline.remainingMs() ? error.retryAfterMs : undefined
  return error instanceof BankUnavailable && hiccups < attempts ? pauseMs * hiccups : undefined
}

/** An answer about the order itself: not "later", and not "who are you". */
const isRefusal = (status: number): boolean => status >= 400 && status < 500 && status !== 429 && status !== 401

/** What it took the bank itself, as it says in `Server-Timing`: the rest of the time its answer was on its way. */
function ownMsOf(response: Response): number | undefined {
  const said = /\bdur=([\d.]+)/.exec(response.headers.get('server-timing') ?? '')?.[1]
  return said === undefined ? undefined : Number(said)
}

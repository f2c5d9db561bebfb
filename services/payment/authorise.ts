// Holds the price of an order on a card: the intent is stored first, then the bank is asked, then its answer is stored.
import type { Deadline } from '../kit/http/deadline.ts'
import { attributes } from '../kit/telemetry/names.ts'
import { annotate } from '../kit/telemetry/span.ts'
import type { Bank } from './bank.ts'
import type { Authorised, AuthoriseRequest, Eligibility } from './contract.ts'
import { AmountChanged, CardDeclined, NoCard, OrderClosed } from './errors.ts'
import type { PaymentSignals } from './signals.ts'
import type { Card, PaymentStore } from './store.ts'

export type PaymentDeps = { store: PaymentStore; bank: Bank; signals: PaymentSignals }

/**
 * Asked twice for the same order, it answers the same. Throws CardDeclined, NoCard, AmountChanged, BankUnavailable, or
 * OrderClosed when the order was given up meanwhile.
 */
export async function authorise(order: AuthoriseRequest, deadline: Deadline, deps: PaymentDeps): Promise<Authorised> {
  const { orderId, userId, amountCents } = order
  annotate({ [attributes.orderId]: orderId })
  const card = await deps.store.card(userId)
  if (card === undefined) throw new NoCard(userId)
  annotate({ [attributes.issuer]: card.issuer })
  if (!(await deps.store.request(orderId, userId, amountCents))) {
    const known = await alreadyAnswered(order, deps.store)
    if (known !== undefined) return known
  }
  return askBank(order, card, deadline, deps)
}

/** What an earlier request for the order came to; undefined when it never heard from the bank. */
async function alreadyAnswered(order: AuthoriseRequest, store: PaymentStore): Promise<Authorised | undefined> {
  const { orderId } = order
  const before = await store.find(orderId)
  if (before === undefined || before.state === 'voided') throw new OrderClosed(orderId)
  if (before.amountCents !== order.amountCents) throw new AmountChanged(orderId)
  if (before.state === 'declined') throw new CardDeclined(orderId)
  return before.state === 'requested' ? undefined : { orderId, state: before.state }
}

async function askBank(
  order: AuthoriseRequest,
  card: Card,
  deadline: Deadline,
  deps: PaymentDeps,
): Promise<Authorised> {
  const { store, bank, signals } = deps
  const { orderId } = order
  const answer = await bank.authorise(order, card, deadline)
  const isDeclined = answer.state === 'declined'
  // The bank keeps a mark of a void as well: whichever of the two came first there is final.
  const isKept =
    answer.state !== 'voided' && (await store.answer(orderId, isDeclined ? 'declined' : 'authorised', answer.reference))
  // Not kept: voided meanwhile, or a twin of this request was quicker and its order is captured already.
  const known = isKept ? undefined : await alreadyAnswered(order, store)
  if (known !== undefined) return known
  if (!isKept) throw new OrderClosed(orderId)
  if (isDeclined) {
    signals.declined(orderId, card.issuer)
    throw new CardDeclined(orderId)
  }
  signals.authorised(orderId, card.issuer)
  return { orderId, state: 'authorised' }
}

/** Whether a customer could pay at all. Asks no bank and writes nothing. */
export async function eligibility(userId: string, { store }: PaymentDeps): Promise<Eligibility> {
  const card = await store.card(userId)
  return { eligible: card !== undefined, issuer: card?.issuer ?? null }
}

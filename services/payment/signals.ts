// What payment reports about its business. Never a card, never a customer: an order id and the card's issuer are enough.
import type { Logger } from '../kit/telemetry/log.ts'
import { attributes, events, metrics } from '../kit/telemetry/names.ts'
import { createSignal } from '../kit/telemetry/signal.ts'

export type PaymentSignals = ReturnType<typeof createSignals>

export function createSignals(log: Logger) {
  const authorisation = (event: string, outcome: string, level: 'info' | 'warn' = 'info') =>
    createSignal(log, {
      event,
      counter: metrics.authorisations,
      counted: { [attributes.outcome]: outcome },
      labels: [attributes.issuer],
      level,
    })
  const authorised = authorisation(events.cardAuthorised, 'authorised')
  const declined = authorisation(events.cardDeclined, 'declined', 'warn')
  const voided = authorisation(events.cardVoided, 'voided', 'warn')
  const captured = authorisation(events.cardCaptured, 'captured')
  const retried = createSignal(log, {
    event: events.retry,
    counter: metrics.bankRetries,
    labels: [attributes.errorType],
    level: 'warn',
  })
  const about = (orderId: string, issuer?: string) => ({
    [attributes.orderId]: orderId,
    ...(issuer === undefined ? {} : { [attributes.issuer]: issuer }),
  })
  return {
    authorised: (id: string, issuer: string) => authorised(`bank authorised order ${id}`, about(id, issuer)),
    declined: (id: string, issuer: string) => declined(`bank declined order ${id}`, about(id, issuer)),
    voided: (id: string) => voided(`authorisation of order ${id} voided`, about(id)),
    captured: (id: string) => captured(`order ${id} captured`, about(id)),
    retried: (id: string, attempt: number, why: string) =>
      retried(`bank did not answer for order ${id}, asking again`, {
        ...about(id),
        [attributes.resendCount]: attempt,
        [attributes.errorType]: why,
      }),
  }
}

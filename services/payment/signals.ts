// What payment reports about its business. Never a card, never a customer: an order id and the card's issuer are enough.
import { metrics as meters } from '@opentelemetry/api'
import type { AppError } from '../kit/errors.ts'
import { lateBankMs } from '../kit/limits.ts'
import type { Logger } from '../kit/telemetry/log.ts'
import { attributes, events, metrics } from '../kit/telemetry/names.ts'
import { createSignal } from '../kit/telemetry/signal.ts'

export type PaymentSignals = ReturnType<typeof createSignals>

/** An answer of the bank, as payment waited for it; `ownMs` is what it took the bank itself, where it says so. */
type Answered = { issuer: string | undefined; waitedMs: number; ownMs: number | undefined }

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
  const late = createSignal(log, {
    event: events.bankLate,
    counter: metrics.bankLateAnswers,
    labels: [attributes.issuer],
  })
  const sessionAwaited = createSignal(log, {
    event: events.bankSessionAwaited,
    counter: metrics.bankSessionWaits,
    level: 'warn',
  })
  const bankDuration = meters.getMeter('shop.payment').createHistogram(metrics.bankDuration, { unit: 's' })
  const about = (orderId: string, issuer?: string) => ({
    [attributes.orderId]: orderId,
    ...(issuer === undefined ? {} : { [attributes.issuer]: issuer }),
  })
  return {
    authorised: (id: string, issuer: string) => authorised(`bank authorised order ${id}`, about(id, issuer)),
    declined: (id: string, issuer: string) => declined(`bank declined order ${id}`, about(id, issuer)),
    voided: (id: string) => voided(`authorisation of order ${id} voided`, about(id)),
    captured: (id: string) => captured(`order ${id} captured`, about(id)),
    retried: (id: string, attempt: number, why: AppError, inMs: number) =>
      retried(`${why.message} Asking again for order ${id} in ${inMs} ms.`, {
        ...about(id),
        [attributes.resendCount]: attempt,
        [attributes.errorType]: why.code,
      }),
    sessionAwaited: (id: string, waitedMs: number) =>
      sessionAwaited(`order ${id} waited for a new session of the bank for ${Math.round(waitedMs)} ms`, {
        ...about(id),
        [attributes.bankWaitedMs]: Math.round(waitedMs),
      }),
    /** Splits the time: what the bank needed itself, and what its answer spent on its way. */
    answered(id: string, { issuer, waitedMs, ownMs }: Answered) {
      if (ownMs === undefined) return
      const labels = issuer === undefined ? {} : { [attributes.issuer]: issuer }
      bankDuration.record(ownMs / 1000, { [attributes.bankPart]: 'own', ...labels })
      bankDuration.record(Math.max(0, waitedMs - ownMs) / 1000, { [attributes.bankPart]: 'way', ...labels })
      if (waitedMs <= lateBankMs) return
      const [waited, own] = [Math.round(waitedMs), Math.round(ownMs)]
      late(`answer of the bank about order ${id} came after ${waited} ms, ${own} ms of them the bank's own`, {
        ...about(id, issuer),
        [attributes.bankWaitedMs]: waited,
        [attributes.bankOwnMs]: own,
      })
    },
  }
}

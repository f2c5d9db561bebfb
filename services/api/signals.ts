// What api reports about its business.
import { metrics as meters } from '@opentelemetry/api'
import type { Logger } from '../kit/telemetry/log.ts'
import { attributes, events, metrics } from '../kit/telemetry/names.ts'
import { createSignal } from '../kit/telemetry/signal.ts'

export type ApiSignals = ReturnType<typeof createSignals>

export function createSignals(log: Logger) {
  const duration = meters.getMeter('shop.api').createHistogram(metrics.checkoutDuration, { unit: 's' })
  const checkouts = (event: string, outcome: string, level: 'info' | 'warn') =>
    createSignal(log, { event, counter: metrics.checkouts, counted: { [attributes.outcome]: outcome }, level })
  const placed = checkouts(events.orderPlaced, 'placed', 'info')
  const unwound = checkouts(events.orderUnwound, 'unwound', 'warn')
  const swept = createSignal(log, { event: events.orderSwept, counter: metrics.ordersSwept, level: 'warn' })
  const about = (orderId: string) => ({ [attributes.orderId]: orderId })
  return {
    placed: (orderId: string, totalCents: number) =>
      placed(`order ${orderId} placed`, { ...about(orderId), [attributes.totalCents]: totalCents }),
    unwound: (orderId: string, why: string) =>
      unwound(`order ${orderId} given up: ${why}`, { ...about(orderId), [attributes.errorType]: why }),
    swept: (orderId: string) => swept(`order ${orderId} was left unfinished and is being undone`, about(orderId)),
    /** Every answer to POST /api/checkout, also the refused ones. `outcome` is `placed` or an error code. */
    checkedOut: (seconds: number, outcome: string) => duration.record(seconds, { [attributes.outcome]: outcome }),
  }
}

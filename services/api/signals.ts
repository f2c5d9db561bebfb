// What api reports about its business.
import { context, metrics as meters } from '@opentelemetry/api'
import { withExemplars } from '../kit/telemetry/exemplars.ts'
import type { Logger } from '../kit/telemetry/log.ts'
import { attributes, events, lineTexts, metrics } from '../kit/telemetry/names.ts'
import { createSignal } from '../kit/telemetry/signal.ts'

export type ApiSignals = ReturnType<typeof createSignals>

export function createSignals(log: Logger) {
  const histogram = meters.getMeter('shop.api').createHistogram(metrics.checkoutDuration, { unit: 's' })
  const duration = withExemplars(histogram, metrics.checkoutDuration)
  const checkouts = (event: string, outcome: string, level: 'info' | 'warn', labels: string[] = []) =>
    createSignal(log, { event, counter: metrics.checkouts, counted: { [attributes.outcome]: outcome }, level, labels })
  const placed = checkouts(events.orderPlaced, 'placed', 'info')
  const unwound = checkouts(events.orderUnwound, 'unwound', 'warn', [attributes.errorType])
  const swept = createSignal(log, { event: events.orderSwept, counter: metrics.ordersSwept, level: 'warn' })
  const about = (orderId: string) => ({ [attributes.orderId]: orderId })
  return {
    placed: (orderId: string, totalCents: number) =>
      placed(`order ${orderId} placed`, { ...about(orderId), [attributes.totalCents]: totalCents }),
    unwound: (orderId: string, why: string) =>
      unwound(`order ${orderId} given up: ${why}`, { ...about(orderId), [attributes.errorType]: why }),
    swept: (orderId: string) =>
      swept(`order ${orderId} ${lineTexts.leftUnfinished} and has been undone`, about(orderId)),
    /** Of those whose answer was 503: one line about many, and no trace of its own. */
    refused: (count: number, underWay: number, places: number) =>
      log.warn(
        { [attributes.errorType]: 'overloaded' },
        `refused ${count} checkouts lately: ${underWay} under way, room for ${places}`,
      ),
    /**
     * A request to POST /api/checkout has arrived. The function that this returns is called at the end of every answer, also
     * of the refused ones, when the request's span is active no longer; `outcome` is `placed` or an error code.
     */
    checkoutArrived() {
      const startedAt = performance.now()
      const within = context.active()
      return (outcome: string) =>
        duration.record((performance.now() - startedAt) / 1000, { [attributes.outcome]: outcome }, within)
    },
  }
}

// What inventory reports about its business.
import type { AppError } from '../kit/errors.ts'
import type { Logger } from '../kit/telemetry/log.ts'
import { attributes, events, metrics } from '../kit/telemetry/names.ts'
import { createSignal } from '../kit/telemetry/signal.ts'

export type InventorySignals = ReturnType<typeof createSignals>

export function createSignals(log: Logger) {
  const counted = (outcome: string) => ({ [attributes.outcome]: outcome })
  const reserved = createSignal(log, {
    event: events.stockReserved,
    counter: metrics.reservations,
    counted: counted('reserved'),
    labels: [attributes.cartSize],
  })
  const ranOut = createSignal(log, {
    event: events.outOfStock,
    counter: metrics.reservations,
    counted: counted('out_of_stock'),
    level: 'warn',
  })
  const askedAgain = createSignal(log, {
    event: events.retry,
    counter: metrics.pricingRetries,
    labels: [attributes.errorType],
    level: 'warn',
  })
  const settled = createSignal(log, {
    event: events.stockSettled,
    counter: metrics.reservations,
    labels: [attributes.outcome],
  })
  const reported = createSignal(log, { event: events.stockReported, counter: metrics.stockReports })
  return {
    reported: (productCount: number) => reported(`stock report of ${productCount} products`),
    reserved: (orderId: string, cartSize: string) =>
      reserved(`stock reserved for order ${orderId}`, {
        [attributes.orderId]: orderId,
        [attributes.cartSize]: cartSize,
      }),
    ranOut: (orderId: string, sku: string) =>
      ranOut(`no stock left for ${sku}`, { [attributes.orderId]: orderId, [attributes.sku]: sku }),
    askedAgain: (attempt: number, { code, message }: AppError) =>
      askedAgain(`${message}, asking again`, {
        [attributes.peerService]: 'pricing',
        [attributes.resendCount]: attempt,
        [attributes.errorType]: code,
      }),
    settled: (orderId: string, as: 'released' | 'confirmed') =>
      settled(`stock ${as} for order ${orderId}`, { [attributes.orderId]: orderId, [attributes.outcome]: as }),
  }
}

// What inventory reports about its business.
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
  const settled = createSignal(log, {
    event: events.stockSettled,
    counter: metrics.reservations,
    labels: [attributes.outcome],
  })
  return {
    reserved: (orderId: string, cartSize: string) =>
      reserved(`stock reserved for order ${orderId}`, {
        [attributes.orderId]: orderId,
        [attributes.cartSize]: cartSize,
      }),
    ranOut: (orderId: string, sku: string) =>
      ranOut(`no stock left for ${sku}`, { [attributes.orderId]: orderId, [attributes.sku]: sku }),
    settled: (orderId: string, as: 'released' | 'confirmed') =>
      settled(`stock ${as} for order ${orderId}`, { [attributes.orderId]: orderId, [attributes.outcome]: as }),
  }
}

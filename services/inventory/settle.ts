// Ends a reservation: gives the pieces back, or marks them sold once the order is placed. Both may come twice.
import type { EventOf } from '../kit/queue/events.ts'
import type { Tx } from '../kit/store/database.ts'
import type { Released } from './contract.ts'
import type { InventorySignals } from './signals.ts'
import {
  findReservation,
  type InventoryStore,
  insertReservation,
  lockReserved,
  moveReservation,
  settleStock,
} from './store.ts'

export type SettleDeps = { store: InventoryStore; signals: InventorySignals }

/** Releases what was reserved for an order. Coming first, it leaves a mark that makes the late reservation fail. */
export async function release(orderId: string, { store, signals }: SettleDeps): Promise<Released> {
  const outcome = await store.transaction(async (tx) => {
    if (await insertReservation(tx, orderId, 'released')) return 'marked'
    if (await settled(tx, orderId, 'released')) return 'released'
    return (await findReservation(tx, orderId))?.state
  })
  if (outcome === 'released') signals.settled(orderId, 'released')
  return { orderId, state: outcome === 'confirmed' ? 'confirmed' : 'released' }
}

/** Marks the pieces of a placed order sold. */
export async function confirm({ orderId }: EventOf<'order-placed'>, { store, signals }: SettleDeps): Promise<void> {
  const isNew = await store.transaction((tx) => settled(tx, orderId, 'confirmed'))
  if (isNew) signals.settled(orderId, 'confirmed')
}

async function settled(tx: Tx, orderId: string, as: 'released' | 'confirmed'): Promise<boolean> {
  // Stock before the reservation's row, as when reserving: the other way round two requests for one order could circle.
  await lockReserved(tx, orderId)
  if (!(await moveReservation(tx, orderId, 'reserved', as))) return false
  await settleStock(tx, orderId, as)
  return true
}

// How an order looks from outside.
import type { Order } from './contract.ts'
import { NoSuchOrder } from './errors.ts'
import type { ApiStore, OrderRow, User } from './store.ts'

/** An order of this customer; throws NoSuchOrder for anybody else's. */
export async function orderOf(orderId: string, user: User, store: ApiStore): Promise<Order> {
  const row = await store.order(orderId, user.id)
  if (row === undefined) throw new NoSuchOrder(orderId)
  return toOrder(row)
}

/** An order that is being undone is as good as cancelled for its customer. */
export function toOrder({ id, state, totalCents, failureCode }: OrderRow): Order {
  const status = state === 'unwinding' ? 'cancelled' : state
  return { orderId: id, status, totalCents, currency: 'EUR', reason: failureCode }
}

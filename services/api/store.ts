// Customers, carts and orders in Postgres. An order changes state only by compare-and-set.

import type { Line } from '../inventory/contract.ts'
import type { Queue } from '../kit/queue/queue.ts'
import type { Database } from '../kit/store/database.ts'
import type { Tier } from '../pricing/contract.ts'

/** What a customer wants to buy. */
export type CartRow = { lines: Line[]; coupon?: string | undefined }
export type User = { id: string; tier: Tier }
export type OrderState = 'pending' | 'placed' | 'unwinding' | 'cancelled'
export type OrderRow = {
  id: string
  state: OrderState
  totalCents: number | null
  failureCode: string | null
  requestHash: string
  /** W3C traceparent of the checkout that made it, for those who finish it later. */
  traceparent: string | null
}
export type Intent = {
  orderId: string
  userId: string
  cartId: string
  key: string
  requestHash: string
  deadlineMs: number
  traceparent: string | null
}

export type ApiStore = ReturnType<typeof createStore>

const orderColumns = `id, state, total_cents::int AS "totalCents", failure_code AS "failureCode",
  request_hash AS "requestHash", traceparent`

export function createStore(database: Database, queue: Queue) {
  return {
    async user(id: string): Promise<User | undefined> {
      return (await database.query<User>('SELECT id, tier FROM users WHERE id = $1', [id]))[0]
    },

    async addCart(cartId: string, userId: string, { lines, coupon }: CartRow): Promise<void> {
      const values = [cartId, userId, JSON.stringify(lines), coupon]
      await database.query('INSERT INTO carts (id, user_id, lines, coupon) VALUES ($1, $2, $3, $4)', values)
    },

    async cart(cartId: string, userId: string): Promise<CartRow | undefined> {
      const [row] = await database.query<{ lines: Line[]; coupon: string | null }>(
        'SELECT lines, coupon FROM carts WHERE id = $1 AND user_id = $2',
        [cartId, userId],
      )
      return row && { lines: row.lines, coupon: row.coupon ?? undefined }
    },

    async order(orderId: string, userId: string): Promise<OrderRow | undefined> {
      const text = `SELECT ${orderColumns} FROM orders WHERE id = $1 AND user_id = $2`
      return (await database.query<OrderRow>(text, [orderId, userId]))[0]
    },

    async orderByKey(userId: string, key: string): Promise<OrderRow | undefined> {
      const text = `SELECT ${orderColumns} FROM orders WHERE user_id = $1 AND idempotency_key = $2`
      return (await database.query<OrderRow>(text, [userId, key]))[0]
    },

    /** Writes the intent. False when the key has an order already. */
    async begin(intent: Intent): Promise<boolean> {
      const rows = await database.query(
        `INSERT INTO orders (id, user_id, cart_id, idempotency_key, request_hash, state, deadline_at, traceparent)
         VALUES ($1, $2, $3, $4, $5, 'pending', now() + $6 * interval '1 millisecond', $7)
         ON CONFLICT (user_id, idempotency_key) DO NOTHING RETURNING id`,
        [
          intent.orderId,
          intent.userId,
          intent.cartId,
          intent.key,
          intent.requestHash,
          intent.deadlineMs,
          intent.traceparent,
        ],
      )
      return rows.length === 1
    },

    /** pending → placed, and its events with it. False when somebody gave the order up first. */
    async place(orderId: string, totalCents: number): Promise<boolean> {
      return database.transaction(async (tx) => {
        const rows = await tx.query(
          `UPDATE orders SET state = 'placed', total_cents = $2, updated_at = now()
           WHERE id = $1 AND state = 'pending' RETURNING id`,
          [orderId, totalCents],
        )
        if (rows.length === 0) return false
        await queue.publish(tx, { type: 'order-placed', orderId })
        return true
      })
    },

    /** pending → unwinding. False when it was placed, or somebody else is at it. */
    async giveUp(orderId: string, failureCode: string): Promise<boolean> {
      const rows = await database.query(
        `UPDATE orders SET state = 'unwinding', failure_code = $2, updated_at = now()
         WHERE id = $1 AND state = 'pending' RETURNING id`,
        [orderId, failureCode],
      )
      return rows.length === 1
    },

    /** unwinding → cancelled, once nothing is held any more. */
    async cancel(orderId: string): Promise<void> {
      await database.query(
        `UPDATE orders SET state = 'cancelled', updated_at = now() WHERE id = $1 AND state = 'unwinding'`,
        [orderId],
      )
    },

    /** Orders that nobody is going to finish: past their deadline by more than `graceMs`. */
    async overdue(graceMs: number, limit: number): Promise<OrderRow[]> {
      return database.query<OrderRow>(
        `SELECT ${orderColumns} FROM orders
         WHERE state IN ('pending', 'unwinding') AND deadline_at < now() - $1 * interval '1 millisecond'
         ORDER BY deadline_at LIMIT $2`,
        [graceMs, limit],
      )
    },
  }
}

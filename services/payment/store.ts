// Authorisations in Postgres, one row per order. Every change of state is a compare-and-set.
import type { Tx } from '../kit/store/database.ts'

export type AuthorisationState = 'requested' | 'authorised' | 'declined' | 'voided' | 'captured'
export type Authorisation = { state: AuthorisationState; amountCents: number | null; bankReference: string | null }
export type Card = { token: string; issuer: string }

export type PaymentStore = ReturnType<typeof createStore>

export function createStore(database: Tx) {
  return {
    async card(userId: string): Promise<Card | undefined> {
      const [card] = await database.query<Card>('SELECT token, issuer FROM cards WHERE user_id = $1', [userId])
      return card
    },

    async find(orderId: string): Promise<Authorisation | undefined> {
      const [row] = await database.query<Authorisation>(
        `SELECT state, amount_cents::int AS "amountCents", bank_reference AS "bankReference"
         FROM authorisations WHERE order_id = $1`,
        [orderId],
      )
      return row
    },

    /** Writes down the intent before the bank is asked. False when the order has a row already. */
    async request(orderId: string, userId: string, amountCents: number): Promise<boolean> {
      const rows = await database.query(
        `INSERT INTO authorisations (order_id, user_id, amount_cents, state) VALUES ($1, $2, $3, 'requested')
         ON CONFLICT (order_id) DO NOTHING RETURNING order_id`,
        [orderId, userId, amountCents],
      )
      return rows.length === 1
    },

    /** Records the bank's answer. False when the order was voided meanwhile. */
    async answer(orderId: string, to: 'authorised' | 'declined', bankReference: string): Promise<boolean> {
      const rows = await database.query(
        `UPDATE authorisations SET state = $2, bank_reference = $3, updated_at = now()
         WHERE order_id = $1 AND state IN ('requested', $2) RETURNING order_id`,
        [orderId, to, bankReference],
      )
      return rows.length === 1
    },

    /** Voids what is held, or leaves a mark where nothing is yet. Answers what was there before. */
    async void(orderId: string): Promise<AuthorisationState | 'nothing'> {
      const [row] = await database.query<{ before: AuthorisationState | null }>(
        `INSERT INTO authorisations AS a (order_id, user_id, state) VALUES ($1, '', 'voided')
         ON CONFLICT (order_id) DO UPDATE SET updated_at = now(),
           state = CASE WHEN a.state IN ('captured', 'declined') THEN a.state ELSE 'voided' END
         RETURNING old.state AS before`,
        [orderId],
      )
      return row?.before ?? 'nothing'
    },

    async capture(orderId: string): Promise<boolean> {
      const rows = await database.query(
        `UPDATE authorisations SET state = 'captured', updated_at = now()
         WHERE order_id = $1 AND state = 'authorised' RETURNING order_id`,
        [orderId],
      )
      return rows.length === 1
    },
  }
}

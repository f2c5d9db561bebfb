// Stock and reservations in Postgres. Whoever changes stock locks the rows first, always in the order of their numbers.
import type { Database, Tx } from '../kit/store/database.ts'
import { attributes, spans } from '../kit/telemetry/names.ts'
import { inSpan } from '../kit/telemetry/span.ts'
import type { Line, Quote } from './contract.ts'
import { OutOfStock, UnknownProduct } from './errors.ts'

export type StockRow = { id: number; sku: string; available: number }
export type ReportRow = { id: number; sku: string; name: string; available: number; reserved: number; sold: number }
export type ReservationState = 'reserved' | 'released' | 'confirmed'

export type InventoryStore = ReturnType<typeof createStore>

export function createStore(database: Database) {
  return {
    transaction: <T>(work: (tx: Tx) => Promise<T>) => database.transaction(work),
    reservation: (orderId: string) => findReservation(database, orderId),

    async catalogue(): Promise<{ sku: string; name: string; available: number }[]> {
      return database.query('SELECT sku, name, initial - reserved - sold AS available FROM stock ORDER BY id')
    },

    /** Everything, in the order of the catalogue. */
    stock: () => database.query<ReportRow>(`${reportRows} ORDER BY id`),

    /** A product's department is what kind of thing it is, the last part of its sku. */
    async departments(): Promise<string[]> {
      const text = `SELECT DISTINCT split_part(sku, '-', 2) AS department FROM stock ORDER BY department`
      return (await database.query<{ department: string }>(text)).map((row) => row.department)
    },

    async availability(skus: string[]): Promise<Map<string, number>> {
      const rows = await database.query<{ sku: string; available: number }>(
        'SELECT sku, initial - reserved - sold AS available FROM stock WHERE sku = ANY($1)',
        [skus],
      )
      return new Map(rows.map((row) => [row.sku, row.available]))
    },
  }
}

const reportRows = 'SELECT id, sku, name, reserved, sold, initial - reserved - sold AS available FROM stock'

export function stockOfDepartment(tx: Tx, department: string): Promise<ReportRow[]> {
  return tx.query<ReportRow>(`${reportRows} WHERE split_part(sku, '-', 2) = $1 ORDER BY id`, [department])
}

export async function findReservation(tx: Tx, orderId: string) {
  const [row] = await tx.query<{ state: ReservationState; quote: Quote | null }>(
    'SELECT state, quote FROM reservations WHERE order_id = $1',
    [orderId],
  )
  return row
}

/** Claims the order id. False when it is already there, in whatever state. */
export async function insertReservation(tx: Tx, orderId: string, state: ReservationState, quote?: Quote) {
  const rows = await tx.query(
    `INSERT INTO reservations (order_id, state, quote) VALUES ($1, $2, $3)
     ON CONFLICT (order_id) DO NOTHING RETURNING order_id`,
    [orderId, state, quote === undefined ? null : JSON.stringify(quote)],
  )
  return rows.length === 1
}

/** Moves a reservation on, only from the state it must be in. */
export async function moveReservation(tx: Tx, orderId: string, from: ReservationState, to: ReservationState) {
  const rows = await tx.query(
    'UPDATE reservations SET state = $3, updated_at = now() WHERE order_id = $1 AND state = $2 RETURNING order_id',
    [orderId, from, to],
  )
  return rows.length === 1
}

/** Waits for the rows of a cart and holds them until the transaction ends. */
export function lockStock(tx: Tx, skus: string[]): Promise<StockRow[]> {
  return inSpan(spans.lockStock, { [attributes.sku]: skus }, () =>
    tx.query<StockRow>(
      `SELECT id, sku, initial - reserved - sold AS available FROM stock
       WHERE sku = ANY($1) ORDER BY id FOR UPDATE`,
      [skus],
    ),
  )
}

/** Takes every line from rows that are locked. Throws OutOfStock or UnknownProduct and takes nothing. */
export async function takeStock(tx: Tx, orderId: string, lines: readonly Line[], rows: StockRow[]): Promise<void> {
  const bySku = new Map(rows.map((row) => [row.sku, row]))
  const taken = lines.map(({ sku, quantity }) => {
    const row = bySku.get(sku)
    if (row === undefined) throw new UnknownProduct(sku)
    if (row.available < quantity) throw new OutOfStock(sku)
    return { id: row.id, quantity }
  })
  await tx.query(
    `WITH taken AS (
       INSERT INTO reservation_lines (order_id, stock_id, quantity)
       SELECT $1, * FROM unnest($2::int[], $3::int[]) RETURNING stock_id, quantity)
     UPDATE stock SET reserved = reserved + taken.quantity FROM taken WHERE stock.id = taken.stock_id`,
    [orderId, taken.map((line) => line.id), taken.map((line) => line.quantity)],
  )
}

/** Waits for the rows that an order reserved, in order, like everybody. */
export async function lockReserved(tx: Tx, orderId: string): Promise<void> {
  await tx.query(
    `SELECT id FROM stock WHERE id IN (SELECT stock_id FROM reservation_lines WHERE order_id = $1)
     ORDER BY id FOR UPDATE`,
    [orderId],
  )
}

/** Gives reserved pieces back, or marks them sold. The rows are locked already. */
export async function settleStock(tx: Tx, orderId: string, as: 'released' | 'confirmed'): Promise<void> {
  await tx.query(
    `UPDATE stock SET reserved = reserved - line.quantity,
       sold = sold + CASE WHEN $2 THEN line.quantity ELSE 0 END
     FROM reservation_lines line WHERE line.order_id = $1 AND line.stock_id = stock.id`,
    [orderId, as === 'confirmed'],
  )
}

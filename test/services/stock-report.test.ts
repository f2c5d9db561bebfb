// The stock report: what it says, and what it takes from those who buy meanwhile.
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { products, soldOutProducts } from '../../services/kit/seed.ts'
import { eventually } from '../helpers/eventually.ts'
import { createClient, shareShop } from '../helpers/shop.ts'

const variants: Record<string, string> = {}
/** The ERP takes 60 times as long for deliveries: 1.2 s. */
const theShop = shareShop({ variants, consumes: false, erpMedianMs: 20 })

const send = (method: string, path: string, body?: unknown) =>
  createClient(theShop().urls.inventory).send(method, path, body)
const reserve = (sku: string, quantity = 1) =>
  send('POST', '/reservations', { orderId: randomUUID(), lines: [{ sku, quantity }], tier: 'standard' })

test.for(['in-one', 'by-department'])(
  'read %s, it has every product once, in the order of the catalogue',
  async (reading) => {
    variants['report-reading'] = reading
    await reserve('felt-tray', 3)
    const before = await soldAndReserved('felt-tray')

    const { status, body } = await send('GET', '/stock-report')

    expect(status).toBe(200)
    const rows = body.products as Record<string, unknown>[]
    expect(rows.map(({ sku }) => sku)).toEqual([...products, ...soldOutProducts].map(({ sku }) => sku))
    expect(rows.find(({ sku }) => sku === 'felt-tray')).toEqual({
      sku: 'felt-tray',
      name: 'Felt tray',
      available: 1_000_000 - before,
      reserved: before,
      sold: 0,
      onItsWay: 50,
    })
  },
)

test('read in one, nobody who buys meanwhile waits for it', async () => {
  const { reportMs, reservationMs } = await buyDuringReport('in-one')

  expect(reservationMs).toBeLessThan(reportMs / 2)
})

test('read by department, whoever buys meanwhile waits until a department is done', async () => {
  const { reportMs, reservationMs } = await buyDuringReport('by-department')

  expect(reservationMs).toBeGreaterThan(600)
  expect(reservationMs).toBeLessThan(reportMs + 300)
})

async function buyDuringReport(reading: string) {
  variants['report-reading'] = reading
  const startedAt = performance.now()
  const report = send('GET', '/stock-report').then(({ status }) => ({ status, ms: performance.now() - startedAt }))
  if (reading === 'by-department') await untilAllConnectionsAreTaken()
  const askedAt = performance.now()
  const reservation = await reserve('felt-mug')
  const reservationMs = performance.now() - askedAt
  expect([(await report).status, reservation.status]).toEqual([200, 201])
  return { reportMs: (await report).ms, reservationMs }
}

function untilAllConnectionsAreTaken() {
  return eventually('every connection of the pool is inside a transaction', async () => {
    const [row] = await theShop().query(
      `SELECT count(*)::int AS sessions FROM pg_stat_activity
       WHERE datname = current_database() AND usename = 'inventory' AND state = 'idle in transaction'`,
    )
    expect(row?.sessions).toBe(10)
  })
}

async function soldAndReserved(sku: string): Promise<number> {
  const [row] = await theShop().query('SELECT reserved + sold AS pieces FROM inventory.stock WHERE sku = $1', [sku])
  return Number(row?.pieces)
}

// The stock report: what is there of every product, what is promised, and what is on its way.
import type { Flags } from '../kit/flags/watch.ts'
import type { Deadline } from '../kit/http/deadline.ts'
import { currentTraceId } from '../kit/http/trace-response.ts'
import type { StockReport } from './contract.ts'
import type { Deliveries } from './deliveries.ts'
import { reportReading } from './flags.ts'
import type { InventorySignals } from './signals.ts'
import { type InventoryStore, type ReportRow, stockOfDepartment } from './store.ts'

export type ReportDeps = { store: InventoryStore; deliveries: Deliveries; flags: Flags; signals: InventorySignals }

/** Every product once, in the order of the catalogue. Throws what the ERP refused with. */
export async function stockReport(deadline: Deadline, deps: ReportDeps): Promise<StockReport> {
  const read = readings[deps.flags.pick(reportReading, { trace_id: currentTraceId() ?? '' })]
  const products = (await read(deadline, deps)).toSorted((a, b) => a.id - b.id)
  deps.signals.reported(products.length)
  return { products: products.map(({ id: _, ...product }) => product) }
}

type Product = ReportRow & { onItsWay: number }

const readings = { 'in-one': allAtOnce, 'by-department': eachDepartment }

/** One query for all of it. Its connection is back in the pool before the ERP is asked. */
async function allAtOnce(deadline: Deadline, { store, deliveries }: ReportDeps): Promise<Product[]> {
  const rows = await store.stock()
  return withDeliveries(rows, deadline, deliveries)
}

/**
 * What is there and what is on its way belong together, so a department is read in one transaction with the question to the
 * ERP; and all departments at once, or the report would take half a minute. Each has a connection for as long as the ERP
 * takes, there are as many departments as connections, and a checkout that needs one waits for the report.
 * Stands for back-office pages that share a pool with what customers wait for.
 */
async function eachDepartment(deadline: Deadline, { store, deliveries }: ReportDeps): Promise<Product[]> {
  const departments = await store.departments()
  const parts = departments.map((department) =>
    store.transaction(async (tx) => withDeliveries(await stockOfDepartment(tx, department), deadline, deliveries)),
  )
  return (await Promise.all(parts)).flat()
}

async function withDeliveries(rows: ReportRow[], deadline: Deadline, deliveries: Deliveries): Promise<Product[]> {
  const expected = await deliveries.expected(
    rows.map((row) => row.sku),
    deadline,
  )
  return rows.map((row) => ({ ...row, onItsWay: expected.get(row.sku) ?? 0 }))
}

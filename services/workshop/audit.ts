// Money is conserved: proves it from one snapshot of the shop's database and the bank's own ledger. What is in flight is
// named and allowed; anything else that does not add up is a violation, with the row that shows it.
import pg from 'pg'
import { bankRules, type LedgerLine, type OrderFacts } from './audit-bank.ts'
import { inFlightQueries, rules } from './audit-rules.ts'

export type Violation = { rule: string; row: Record<string, unknown> }
export type AuditReport = {
  /** When the snapshot was taken. */
  at: Date
  placed: number
  cancelled: number
  /** How many orders are in each state that may still change. */
  inFlight: Record<string, number>
  violations: Violation[]
}

export type AuditOptions = { databaseUrl: string; bankUrl: string }

/** Throws a sentence when the database or the bank cannot be read; violations are returned, not thrown. */
export async function audit({ databaseUrl, bankUrl }: AuditOptions): Promise<AuditReport> {
  const snapshot = await readSnapshot(databaseUrl)
  // Read after the snapshot: whatever the snapshot says is settled, the bank had written down before.
  const ledger = await readLedger(bankUrl)
  const { at, orders, inFlight } = snapshot
  const count = (state: string) => orders.filter((order) => order.state === state).length
  const violations = [...snapshot.violations, ...bankRules(orders, ledger, at)]
  return { at, placed: count('placed'), cancelled: count('cancelled'), inFlight, violations }
}

async function readSnapshot(databaseUrl: string) {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'audit' })
  await client.connect().catch((error: Error) => {
    throw new Error(
      `The database could not be read (${error.message}). Is the lab running? Start it with: npm start, or docker compose up -d --wait`,
    )
  })
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const { rows: time } = await client.query<{ at: Date }>('SELECT now() AS at')
    const { rows: orders } = await client.query<OrderFacts>(
      `SELECT id, state, total_cents::int AS "totalCents" FROM api.orders`,
    )
    const violations: Violation[] = []
    for (const [rule, sql] of Object.entries(rules)) {
      violations.push(...(await client.query(sql)).rows.map((row) => ({ rule, row })))
    }
    const inFlight: Record<string, number> = {}
    for (const [name, sql] of Object.entries(inFlightQueries)) {
      inFlight[name] = Number((await client.query<{ count: string }>(sql)).rows[0]?.count ?? 0)
    }
    return { at: time[0]?.at ?? new Date(), orders, violations, inFlight }
  } finally {
    await client.end()
  }
}

async function readLedger(bankUrl: string): Promise<LedgerLine[]> {
  const response = await fetch(new URL('/ledger', bankUrl)).catch((error: Error) => {
    throw new Error(`The bank's ledger at ${bankUrl} could not be read (${error.message}). Is the lab running?`)
  })
  const text = await response.text()
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as LedgerLine]))
}

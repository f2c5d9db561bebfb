// The shop's orders against the bank's own ledger.
import type { Violation } from './audit.ts'

export type LedgerLine = { orderId: string; state: string; amountCents: number; at: string }
export type OrderFacts = { id: string; state: string; totalCents: number | null }

/** Lines written after `snapshotAt` about orders the snapshot does not know belong to newer orders. */
export function bankRules(orders: OrderFacts[], ledger: LedgerLine[], snapshotAt: Date): Violation[] {
  const linesOf = Map.groupBy(ledger, (line) => line.orderId)
  const known = new Set(orders.map((order) => order.id))
  const strangers = [...linesOf].filter(([id, [first]]) => !known.has(id) && isBefore(first, snapshotAt))
  return [
    ...orders.flatMap((order) => orderViolations(order, linesOf.get(order.id) ?? [])),
    ...strangers.map(([orderId]) => ({ rule: 'the bank knows only orders of the shop', row: { orderId } })),
  ]
}

function orderViolations(order: OrderFacts, lines: LedgerLine[]): Violation[] {
  const authorised = lines.filter((line) => line.state === 'authorised')
  const last = lines.at(-1)?.state ?? 'nothing'
  const row = { orderId: order.id, state: order.state, totalCents: order.totalCents, bank: lines }
  const broken = (rule: string, isBroken: boolean) => (isBroken ? [{ rule, row }] : [])
  return [
    ...broken('the bank authorised an order at most once', authorised.length > 1),
    ...broken(
      'the bank holds the total of a placed order',
      order.state === 'placed' &&
        (authorised.length !== 1 || authorised[0]?.amountCents !== order.totalCents || !isHeld(last)),
    ),
    ...broken('the bank holds nothing of a cancelled order', order.state === 'cancelled' && isHeld(last)),
  ]
}

function isHeld(state: string): boolean {
  return state === 'authorised' || state === 'captured'
}

function isBefore(line: LedgerLine | undefined, moment: Date): boolean {
  return line !== undefined && new Date(line.at) < moment
}

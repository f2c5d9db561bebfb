// What payment says about an answer of the bank that came late: whose time it was.
import { expect, test } from 'vitest'
import type { Logger } from '../../services/kit/telemetry/log.ts'
import { createSignals } from '../../services/payment/signals.ts'

const late = { issuer: 'delta', waitedMs: 612.4, ownMs: 38.2 }

test('an answer that was long under way is told from one that the bank took its time over', () => {
  expect(said(late)).toEqual([
    [
      "answer of the bank about order o-1 came after 612 ms, 38 ms of them the bank's own",
      { 'shop.order_id': 'o-1', 'shop.card_issuer': 'delta', 'shop.bank.waited_ms': 612, 'shop.bank.own_ms': 38 },
    ],
  ])
  expect(said({ ...late, issuer: undefined, ownMs: 610 })).toEqual([
    [
      "answer of the bank about order o-1 came after 612 ms, 610 ms of them the bank's own",
      { 'shop.order_id': 'o-1', 'shop.bank.waited_ms': 612, 'shop.bank.own_ms': 610 },
    ],
  ])
})

test('nothing is said about an answer in time, nor when the bank does not say what it needed', () => {
  expect(said({ ...late, waitedMs: 120 })).toEqual([])
  expect(said({ ...late, ownMs: undefined })).toEqual([])
})

/** The lines about one answer. */
function said(answer: { issuer: string | undefined; waitedMs: number; ownMs: number | undefined }): unknown[] {
  const lines: unknown[] = []
  const log = { info: (facts: object, text: string) => lines.push([text, facts]) }
  createSignals(log as unknown as Logger).answered('o-1', answer)
  return lines
}

// The bank's session as customers notice it: not at all, or by waiting whenever one is renewed.
import { randomUUID } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import type { Flag } from '../../services/kit/flags/flag.ts'
import type { Flags } from '../../services/kit/flags/watch.ts'
import { deadlineIn } from '../../services/kit/http/deadline.ts'
import { openSessions } from '../../services/payment/session.ts'
import { createSignals } from '../../services/payment/signals.ts'
import { eventually } from '../helpers/eventually.ts'
import { startRefusingServer, startScriptedServer, startSilentServer } from '../helpers/misbehaving.ts'
import { silentLog, startShop } from '../helpers/shop.ts'

const renewalMs = 500
/** Renewed from 1.75 s to 2.25 s after the first one was ordered; that one is named until 2.8 s, and the tests go on after it. */
const renewedSoon = { medianMs: renewalMs, validForMs: 3_000 }

test('nobody notices that a session is renewed: the one at hand is used meanwhile', { timeout: 30_000 }, async () => {
  // A busy machine or disk only ever makes somebody wait: one renewal that nobody noticed is enough to know.
  await eventually(
    'nobody waits over a renewal',
    async () => expect(Math.max(...(await authorisationsOf({})))).toBeLessThan(renewalMs / 2),
    { withinMs: 10_000 },
  )
})

test('with the newest session only, whoever comes during a renewal waits for it, and nobody else', async () => {
  const tookMs = await authorisationsOf({ 'bank-session': 'newest-only' })

  const waited = tookMs.filter((ms) => ms > renewalMs / 2)
  expect(waited.length).toBeGreaterThan(0)
  expect(waited.length).toBeLessThan(tookMs.length / 2)
  expect(Math.max(...waited)).toBeLessThan(3 * renewalMs)
})

test('the instance decides: one that is told otherwise waits for nothing', async () => {
  const about: Record<string, string>[] = []
  const flags: Flags = {
    revision: 'fixed',
    pick: (flag: Flag, context: Record<string, string>) => {
      about.push(context)
      return flag.calm
    },
  }
  const bank = await startScriptedServer({ status: 201, body: { session: 's-1', validForMs: 60_000 } })

  const sessions = open(bank.url, { instance: 'payment-7', flags })

  expect(await sessions.current('o-1', deadlineIn(1_000))).toBe('s-1')
  expect(about).toEqual([{ 'service.instance.id': 'payment-7', 'shop.order_id': 'o-1' }])
})

test('many that find no session order one together', async () => {
  const bank = await startScriptedServer({ status: 201, body: { session: 's-1', validForMs: 60_000 } })
  const sessions = open(bank.url)

  const named = await Promise.all(Array.from({ length: 20 }, () => sessions.current('o-1', deadlineIn(1_000))))

  expect(new Set(named)).toEqual(new Set(['s-1']))
  expect(bank.count()).toBe(1)
})

test('one that the bank does not know any more is forgotten, and another is ordered', async () => {
  const opened = (session: string) => ({ status: 201, body: { session, validForMs: 60_000 } })
  const bank = await startScriptedServer(opened('s-1'), opened('s-2'))
  const sessions = open(bank.url)
  expect(await sessions.current('o-1', deadlineIn(1_000))).toBe('s-1')

  sessions.forget('another')
  expect(await sessions.current('o-1', deadlineIn(1_000))).toBe('s-1')
  sessions.forget('s-1')
  expect(await sessions.current('o-1', deadlineIn(1_000))).toBe('s-2')
})

test('a bank that opens none is told apart: gone, talking nonsense, or silent for longer than the caller waits', async () => {
  const nonsense = await startScriptedServer({ status: 200, body: { hello: 'world' } })

  await expect(open(await startRefusingServer()).current('o-1', deadlineIn(500))).rejects.toMatchObject({
    code: 'bank_unavailable',
  })
  await expect(open(nonsense.url).current('o-1', deadlineIn(500))).rejects.toMatchObject({ code: 'bank_unavailable' })
  await expect(open(await startSilentServer()).current('o-1', deadlineIn(80))).rejects.toMatchObject({
    code: 'deadline_exceeded',
  })
})

/** How long each authorisation took, one after the other, over a renewal. The first one, which finds no session, is left out. */
async function authorisationsOf(variants: Record<string, string>): Promise<number[]> {
  const shop = await startShop({ variants, consumes: false, bankSession: renewedSoon })
  const tookMs: number[] = []
  await authorised()
  const untilMs = performance.now() + 3_000
  while (performance.now() < untilMs) tookMs.push(await authorised())
  return tookMs

  async function authorised(): Promise<number> {
    const startedAt = performance.now()
    const response = await fetch(new URL('/authorisations', shop.urls.payment), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ orderId: randomUUID(), userId: 'u002', amountCents: 1_500 }),
    })
    expect(response.status).toBe(201)
    return performance.now() - startedAt
  }
}

function open(bankUrl: string, { instance = 'payment-1', flags = calm }: { instance?: string; flags?: Flags } = {}) {
  const sessions = openSessions({ bankUrl, instance, flags, signals: createSignals(silentLog) })
  onTestFinished(() => sessions[Symbol.dispose]())
  return sessions
}

const calm: Flags = { revision: 'fixed', pick: (flag: Flag) => flag.calm }

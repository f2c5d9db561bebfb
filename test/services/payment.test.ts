// Authorisations under everything that may happen to them: twice, at once, voided too early, a bank that hiccups or is gone.
// What payment believes is always compared with the bank's own ledger.

import { randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { listen } from '../../services/kit/http/listen.ts'
import { between, createRandom } from '../../services/kit/random.ts'
import { openDatabase } from '../../services/kit/store/database.ts'
import { buildApp } from '../../services/payment/app.ts'
import { createBank } from '../../services/payment/bank.ts'
import { paymentEdge } from '../../services/payment/flags.ts'
import { openSessions } from '../../services/payment/session.ts'
import { capture } from '../../services/payment/settle.ts'
import { createSignals } from '../../services/payment/signals.ts'
import { createStore } from '../../services/payment/store.ts'
import { fixedFlags } from '../helpers/fixed-flags.ts'
import {
  startGarbageServer,
  startRefusingServer,
  startScriptedServer,
  startSilentServer,
} from '../helpers/misbehaving.ts'
import { createClient, shareShop, silentLog } from '../helpers/shop.ts'

const theShop = shareShop({ consumes: false, bankMedianMs: 2 })

type Client = ReturnType<typeof createClient>
const own = () => createClient(theShop().urls.payment)
const authorise = (orderId: string, about: object = {}, { send }: Client = own()) =>
  send('POST', '/authorisations', { orderId, userId: 'u002', amountCents: 1_500, ...about })
const voided = (orderId: string, { send }: Client = own()) => send('DELETE', `/authorisations/${orderId}`)

test('holds the amount at the bank, and says so at home', async () => {
  const orderId = randomUUID()

  const answer = await authorise(orderId)

  expect(answer).toMatchObject({ status: 201, body: { orderId, state: 'authorised' } })
  expect(await bankSays(orderId)).toEqual([['authorised', 1_500]])
  expect(await homeSays(orderId)).toBe('authorised')
})

test('a void before its authorisation leaves a mark at home and at the bank, and the late one is refused', async () => {
  const orderId = randomUUID()

  const answer = await voided(orderId)
  const late = await authorise(orderId)

  expect(answer).toMatchObject({ status: 200, body: { orderId, state: 'voided' } })
  expect(late).toMatchObject({ status: 409, body: { code: 'order_closed' } })
  expect([await homeSays(orderId), await bankSays(orderId)]).toEqual(['voided', [['voided', 0]]])
})

test('a void twice is one void', async () => {
  const orderId = randomUUID()
  await authorise(orderId)

  const answers = [...(await Promise.all([voided(orderId), voided(orderId)])), await voided(orderId)]

  expect(answers.map(({ body }) => body.state)).toEqual(['voided', 'voided', 'voided'])
  expect(await bankSays(orderId)).toEqual([
    ['authorised', 1_500],
    ['voided', 1_500],
  ])
})

test('an order that is authorised by many requests at once is charged once', async () => {
  const orderId = randomUUID()

  const answers = await Promise.all(Array.from({ length: 8 }, () => authorise(orderId)))

  expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201))
  expect(await bankSays(orderId)).toEqual([['authorised', 1_500]])
})

test('an order that was authorised is not charged anew when asked again', async () => {
  const bank = await startScriptedServer({ status: 200, body: { state: 'authorised', reference: 'bk-1' } })
  const client = await startPayment(bank.url)
  const orderId = randomUUID()

  const answers = [await authorise(orderId, {}, client), await authorise(orderId, {}, client)]

  expect(answers.map(({ status, body }) => [status, body.state])).toEqual(Array(2).fill([201, 'authorised']))
  expect(bank.count()).toBe(1)
})

test('refuses another amount for the same order', async () => {
  const orderId = randomUUID()
  await authorise(orderId)

  const answer = await authorise(orderId, { amountCents: 1_501 })

  expect(answer).toMatchObject({ status: 409, body: { code: 'amount_changed' } })
  expect(await bankSays(orderId)).toEqual([['authorised', 1_500]])
})

test('refuses a customer who has no card, and asks no bank', async () => {
  const orderId = randomUUID()

  expect(await authorise(orderId, { userId: 'nobody' })).toMatchObject({ status: 422, body: { code: 'no_card' } })
  expect([await homeSays(orderId), await bankSays(orderId)]).toEqual([undefined, []])
})

test('passes on that the bank declined, and says so again when asked again', async () => {
  const orderId = randomUUID()

  const answers = [await authorise(orderId, { userId: 'u250' }), await authorise(orderId, { userId: 'u250' })]

  expect(answers.map(({ status, body }) => [status, body.code])).toEqual(Array(2).fill([402, 'card_declined']))
  expect([await homeSays(orderId), await bankSays(orderId)]).toEqual(['declined', [['declined', 1_500]]])
})

test('a void that races with its authorisation always ends in nothing held, at home and at the bank', async () => {
  const random = createRandom(7)
  for (let round = 0; round < 30; round++) {
    const orderId = randomUUID()
    const authorising = authorise(orderId)
    // Nothing is waited for here: the start is shifted, so that the two meet at every step.
    await wait(between(random, 0, 8))
    const [answer, undone] = await Promise.all([authorising, voided(orderId)])

    expect([201, 409]).toContain(answer.status)
    expect(undone).toMatchObject({ status: 200, body: { state: 'voided' } })
    expect(await homeSays(orderId)).toBe('voided')
    const lines = await bankSays(orderId)
    expect(lines.at(-1)?.[0]).toBe('voided')
    expect(lines.filter(([state]) => state === 'authorised').length).toBeLessThanOrEqual(1)
  }
})

test.for([1, 2])('asks a bank that has %i hiccups again', async (hiccups) => {
  const bank = await startScriptedServer(...Array(hiccups).fill({ status: 503, body: { error: 'ask again' } }), {
    status: 200,
    body: { state: 'authorised', reference: 'bk-1' },
  })

  const answer = await authorise(randomUUID(), {}, await startPayment(bank.url))

  expect(answer).toMatchObject({ status: 201, body: { state: 'authorised' } })
  expect(bank.count()).toBe(hiccups + 1)
})

test('asks a bank that does not know its session again, with another one', async () => {
  const bank = await startScriptedServer(
    { status: 401, body: { error: 'no session' } },
    { status: 200, body: { state: 'authorised', reference: 'bk-1' } },
  )

  const answer = await authorise(randomUUID(), {}, await startPayment(bank.url))

  expect(answer).toMatchObject({ status: 201, body: { state: 'authorised' } })
  const sessions = bank.requests.map(({ headers }) => headers.authorization)
  expect(sessions).toEqual([expect.stringMatching(/^Bearer \S+$/), expect.stringMatching(/^Bearer \S+$/)])
  expect(new Set(sessions).size).toBe(2)
})

test('comes back to a bank that has no room when that says, however often, and not before', async () => {
  const later = { status: 429, headers: { 'retry-after': '0.1' }, body: { error: 'later' } }
  const authorised = { status: 200, body: { state: 'authorised', reference: 'bk-1' } }
  const bank = await startScriptedServer(...Array(4).fill(later), authorised)
  const startedAt = performance.now()

  const answer = await authorise(randomUUID(), {}, await startPayment(bank.url))

  expect(answer).toMatchObject({ status: 201, body: { state: 'authorised' } })
  expect(bank.count()).toBe(5)
  expect(performance.now() - startedAt).toBeGreaterThan(390)
})

test('gives up at once on a bank that has no room for longer than its caller waits', async () => {
  const bank = await startScriptedServer({ status: 429, headers: { 'retry-after': '30' }, body: { error: 'later' } })

  const answer = await authorise(randomUUID(), {}, await startPayment(bank.url))

  expect(answer).toMatchObject({ status: 502, body: { code: 'bank_busy' } })
  expect(bank.count()).toBe(1)
})

test('gives up on a bank that only hiccups, and the order may be asked for again', async () => {
  const bank = await startScriptedServer({ status: 503, body: { error: 'ask again' } })
  const orderId = randomUUID()

  const answer = await authorise(orderId, {}, await startPayment(bank.url))
  const later = await authorise(orderId)

  expect(answer).toMatchObject({ status: 502, body: { code: 'bank_unavailable' } })
  expect(bank.count()).toBe(3)
  expect(later).toMatchObject({ status: 201, body: { state: 'authorised' } })
})

test.for([
  ['refuses connections', startRefusingServer],
  ['answers garbage', startGarbageServer],
] as const)('answers 502 bank_unavailable within the deadline when the bank %s', async ([, start]) => {
  const { send } = await startPayment(await start())
  const startedAt = performance.now()

  const body = { orderId: randomUUID(), userId: 'u002', amountCents: 1 }
  const answer = await send('POST', '/authorisations', body, { 'x-remaining-ms': '2000' })

  expect(answer).toMatchObject({ status: 502, body: { code: 'bank_unavailable' } })
  expect(performance.now() - startedAt).toBeLessThan(2_000)
})

test('answers 504 when its caller waits no longer for a silent bank', async () => {
  const { send } = await startPayment(await startSilentServer())

  const body = { orderId: randomUUID(), userId: 'u002', amountCents: 1 }
  const answer = await send('POST', '/authorisations', body, { 'x-remaining-ms': '100' })

  expect(answer).toMatchObject({ status: 504, body: { code: 'deadline_exceeded' } })
})

test('a void stays a void at home although the bank could not be told, and is told when asked again', async () => {
  const orderId = randomUUID()
  await authorise(orderId)

  const first = await voided(orderId, await startPayment(await startRefusingServer()))
  expect(first).toMatchObject({ status: 502, body: { code: 'bank_unavailable' } })
  expect(await homeSays(orderId)).toBe('voided')

  expect(await voided(orderId)).toMatchObject({ status: 200, body: { state: 'voided' } })
  expect((await bankSays(orderId)).at(-1)).toEqual(['voided', 1_500])
})

test('capturing twice, or at once, takes the money once; after that nothing is voided', async () => {
  const orderId = randomUUID()
  const deps = paymentDeps(theShop().bankUrl)
  await authorise(orderId)

  await Promise.all([
    capture({ type: 'order-placed', orderId }, deps),
    capture({ type: 'order-placed', orderId }, deps),
  ])
  await capture({ type: 'order-placed', orderId }, deps)

  expect(await voided(orderId)).toMatchObject({ status: 200, body: { state: 'captured' } })
  expect(await homeSays(orderId)).toBe('captured')
  expect(await bankSays(orderId)).toEqual([
    ['authorised', 1_500],
    ['captured', 1_500],
  ])
})

test('an authorisation that hears from the bank after its order was captured by a twin says captured', async () => {
  const orderId = randomUUID()
  await authorise(orderId)
  await capture({ type: 'order-placed', orderId }, paymentDeps(theShop().bankUrl))
  // As the twin saw it when it asked the bank.
  await theShop().query(`UPDATE payment.authorisations SET state = 'requested' WHERE order_id = $1`, [orderId])
  const bank = await startScriptedServer({ status: 200, body: { state: 'captured', reference: 'bk-1' } })
  const client = await startPayment(bank.url, async () => {
    await theShop().query(`UPDATE payment.authorisations SET state = 'captured' WHERE order_id = $1`, [orderId])
  })

  expect(await authorise(orderId, {}, client)).toMatchObject({ status: 201, body: { state: 'captured' } })
})

test('knows who could pay without asking the bank or writing anything', async () => {
  const { send } = await startPayment(await startRefusingServer())

  expect((await send('GET', '/eligibility/u002')).body).toMatchObject({ eligible: true, issuer: expect.any(String) })
  expect((await send('GET', '/eligibility/nobody')).body).toEqual({ eligible: false, issuer: null })
})

/** An instance of payment that shares the shop's database and talks to another bank; `heard` runs after each answer of it. */
async function startPayment(bankUrl: string, heard = async () => {}): Promise<Client> {
  const deps = paymentDeps(bankUrl)
  const bank = {
    ...deps.bank,
    authorise: async (...about: Parameters<typeof deps.bank.authorise>) => {
      const answer = await deps.bank.authorise(...about)
      await heard()
      return answer
    },
  }
  const edge = { flags: fixedFlags({}), flag: paymentEdge }
  const app = await buildApp({ ...deps, bank, log: silentLog })
  const listening = await listen(app, { service: 'payment', host: '127.0.0.1', port: 0, edge })
  onTestFinished(() => listening[Symbol.asyncDispose]())
  return createClient(listening.url)
}

function paymentDeps(bankUrl: string) {
  const database = openDatabase(theShop().databaseUrl('payment'), { poolMax: 4, log: silentLog })
  onTestFinished(() => database[Symbol.asyncDispose]())
  const signals = createSignals(silentLog)
  // The session is the shop's own bank's, whichever bank is asked.
  const bankOf = { bankUrl: theShop().bankUrl, instance: 'payment-1' }
  const sessions = openSessions({ ...bankOf, flags: fixedFlags({}), signals })
  onTestFinished(() => sessions[Symbol.dispose]())
  return { store: createStore(database), bank: createBank(bankUrl, { sessions, signals }), signals }
}

async function homeSays(orderId: string) {
  const [row] = await theShop().query('SELECT state FROM payment.authorisations WHERE order_id = $1', [orderId])
  return row?.state
}

/** What the bank's ledger holds about an order, oldest first. */
async function bankSays(orderId: string): Promise<[state: string, amountCents: number][]> {
  const lines = (await text(theShop().ledger.read())).split('\n').filter((line) => line.includes(orderId))
  return lines.map((line) => JSON.parse(line)).map(({ state, amountCents }) => [state, amountCents])
}

// How inventory asks pricing: once and patiently, or again and again; what comes of it for the customer.
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { createPricing } from '../../services/inventory/pricing.ts'
import { createSignals } from '../../services/inventory/signals.ts'
import { createPeer } from '../../services/kit/http/client.ts'
import { deadlineIn } from '../../services/kit/http/deadline.ts'
import { headers } from '../../services/kit/telemetry/names.ts'
import { fixedFlags } from '../helpers/fixed-flags.ts'
import { startScriptedServer } from '../helpers/misbehaving.ts'
import { cartOf, createClient, shareShop, silentLog } from '../helpers/shop.ts'

const quote = {
  currency: 'EUR',
  lines: [{ sku: 'cork-mug', quantity: 1, unitCents: 450, lineCents: 450 }],
  totalCents: 450,
}
const answer = { status: 200, body: quote }
const late = { ...answer, afterMs: 300 }

test('a patient inventory asks once, however long the answer takes', async () => {
  const pricing = await startScriptedServer(late)

  expect(await ask(pricing.url, { timeout: 'patient' })).toEqual(quote)
  expect(pricing.count()).toBe(1)
})

test('a hasty one asks twice in vain, and waits for the third answer', async () => {
  const pricing = await startScriptedServer(late)

  const { result, tookMs } = await timed(() => ask(pricing.url, { timeout: 'hasty' }))

  expect(result).toEqual(quote)
  expect(pricing.count()).toBe(3)
  expect(tookMs).toBeGreaterThan(200 + 200 + 290)
})

test('a hasty one asks once where the answer comes in time', async () => {
  const pricing = await startScriptedServer(answer)

  expect(await ask(pricing.url, { timeout: 'hasty' })).toEqual(quote)
  expect(pricing.count()).toBe(1)
})

test('pricing is told how long the customer waits, not how long an attempt does', async () => {
  const pricing = await startScriptedServer(late)

  await ask(pricing.url, { timeout: 'hasty', withinMs: 4_000 })

  const told = pricing.requests.map((request) => Number(request.headers[headers.remainingMs]))
  expect(told).toHaveLength(3)
  expect(Math.min(...told)).toBeGreaterThan(2_000)
})

test.for(['patient', 'hasty'])('an answer that says no is not asked for again when %s', async (timeout) => {
  const pricing = await startScriptedServer({
    status: 422,
    body: { code: 'unknown_product', message: 'No such thing.' },
  })

  await expect(ask(pricing.url, { timeout })).rejects.toMatchObject({ code: 'unknown_product' })
  expect(pricing.count()).toBe(1)
})

test.for(['patient', 'hasty'])('nobody is asked longer than the customer waits when %s', async (timeout) => {
  const pricing = await startScriptedServer({ ...answer, afterMs: 5_000 })

  const asking = ask(pricing.url, { timeout, withinMs: 1_000 })

  await expect(asking).rejects.toMatchObject({ code: 'deadline_exceeded' })
  expect(pricing.count()).toBe(timeout === 'hasty' ? 3 : 1)
})

const variants: Record<string, string> = {}
const theShop = shareShop({ variants, consumes: false })

test('an old agreement takes a patient business customer a while, and a hasty one three times as long', async () => {
  using _ = during({ 'agreement-lookup': 'in-archive' })
  const patient = await reserveWhen({ 'price-timeout': 'patient' })
  const hasty = await reserveWhen({ 'price-timeout': 'hasty' })

  expect([patient.result.status, hasty.result.status]).toEqual([201, 201])
  expect(hasty.result.body.quote).toEqual(patient.result.body.quote)
  expect(patient.tookMs).toBeGreaterThan(190)
  expect(hasty.tookMs).toBeGreaterThan(200 + 200 + 190)
})

test('other customers do not notice', async () => {
  using _ = during({ 'agreement-lookup': 'in-archive' })
  const { result, tookMs } = await reserveWhen({ 'price-timeout': 'hasty' }, { tier: 'gold' })

  expect(result.status).toBe(201)
  expect(tookMs).toBeLessThan(190)
})

test('priced line by line, a long cart of a business customer takes as much longer as it has lines', async () => {
  using _ = during({ 'agreement-lookup': 'on-file' })
  const things = ['mug', 'lamp', 'kettle', 'bottle', 'basket', 'teapot', 'bowl', 'clock']
  const lines = cartOf(...things.map((thing) => `felt-${thing}`))
  const batched = await reserveWhen({ 'cart-pricing': 'batched' }, { lines })
  const lineByLine = await reserveWhen({ 'cart-pricing': 'line-by-line' }, { lines })

  expect(lineByLine.result.body.quote).toEqual(batched.result.body.quote)
  expect(lineByLine.tookMs).toBeGreaterThan(lines.length * 45)
  expect(batched.tookMs).toBeLessThan(lineByLine.tookMs / 2)
})

async function reserveWhen(
  chosen: Record<string, string>,
  { tier = 'business', lines = cartOf('cork-lamp', 'cork-mug') } = {},
) {
  using _ = during(chosen)
  const body = { orderId: randomUUID(), lines, tier }
  return await timed(() => createClient(theShop().urls.inventory).send('POST', '/reservations', body))
}

/** Variants that are in force until disposed. */
function during(chosen: Record<string, string>): Disposable {
  Object.assign(variants, chosen)
  return {
    [Symbol.dispose]: () => {
      for (const flag of Object.keys(chosen)) delete variants[flag]
    },
  }
}

function ask(url: string, { timeout, withinMs = 5_000 }: { timeout: string; withinMs?: number }) {
  const flags = fixedFlags({ 'price-timeout': timeout })
  const pricing = createPricing(createPeer('pricing', [url]), { flags, signals: createSignals(silentLog) })
  return pricing.quote({ lines: [{ sku: 'cork-mug', quantity: 1 }], tier: 'business' }, deadlineIn(withinMs))
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; tookMs: number }> {
  const startedAt = performance.now()
  const result = await work()
  return { result, tookMs: performance.now() - startedAt }
}

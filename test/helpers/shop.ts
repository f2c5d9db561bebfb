// The whole shop inside the test's process: the real apps over real HTTP on free ports, real Postgres, a quick bank.
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { buildBank } from '../../infra/world/bank.ts'
import { buildErp } from '../../infra/world/erp.ts'
import { type Ledger, openLedger } from '../../infra/world/ledger.ts'
import { createAdmission } from '../../services/api/admission.ts'
import * as api from '../../services/api/app.ts'
import { apiEdge } from '../../services/api/flags.ts'
import { createInventory, createPayment } from '../../services/api/peers.ts'
import { createSessions } from '../../services/api/session.ts'
import * as apiSignals from '../../services/api/signals.ts'
import * as apiStore from '../../services/api/store.ts'
import { startSweeper } from '../../services/api/unwind.ts'
import * as inventory from '../../services/inventory/app.ts'
import { createDeliveries } from '../../services/inventory/deliveries.ts'
import { inventoryEdge } from '../../services/inventory/flags.ts'
import { openPriceDesk } from '../../services/inventory/price-desk.ts'
import { createPricing } from '../../services/inventory/pricing.ts'
import { confirm } from '../../services/inventory/settle.ts'
import * as inventorySignals from '../../services/inventory/signals.ts'
import * as inventoryStore from '../../services/inventory/store.ts'
import type { Flags } from '../../services/kit/flags/watch.ts'
import type { App } from '../../services/kit/http/app.ts'
import { createPeer } from '../../services/kit/http/client.ts'
import type { Edge } from '../../services/kit/http/edge.ts'
import { listen } from '../../services/kit/http/listen.ts'
import { openQueue } from '../../services/kit/queue/queue.ts'
import { createRandom } from '../../services/kit/random.ts'
import { openDatabase } from '../../services/kit/store/database.ts'
import { createLogger } from '../../services/kit/telemetry/log.ts'
import type { ServiceName } from '../../services/kit/telemetry/names.ts'
import * as payment from '../../services/payment/app.ts'
import { createBank } from '../../services/payment/bank.ts'
import { paymentEdge } from '../../services/payment/flags.ts'
import { openSessions } from '../../services/payment/session.ts'
import { capture } from '../../services/payment/settle.ts'
import * as paymentSignals from '../../services/payment/signals.ts'
import * as paymentStore from '../../services/payment/store.ts'
import { createAgreements } from '../../services/pricing/agreements.ts'
import * as pricing from '../../services/pricing/app.ts'
import { createPriceCache } from '../../services/pricing/cache.ts'
import { pricingEdge } from '../../services/pricing/flags.ts'
import { createPriceList } from '../../services/pricing/price-list.ts'
import * as pricingSignals from '../../services/pricing/signals.ts'
import * as pricingStore from '../../services/pricing/store.ts'
import { audit } from '../../services/workshop/audit.ts'
import { fixedFlags } from './fixed-flags.ts'
import { openTestDatabase } from './postgres.ts'
import { newTempFolder } from './temp-folder.ts'

export type ShopOptions = {
  /** Variants by flag name; calm where nothing is said. Changing the object changes the running shop. */
  variants?: Record<string, string>
  /** Where api finds payment and inventory, given the shop's own instance. */
  paymentUrls?: (own: string) => string[]
  inventoryUrls?: (own: string) => string[]
  checkoutDeadlineMs?: number
  /** How many checkouts may be under way. */
  mostUnderWay?: number
  bankMedianMs?: number
  erpMedianMs?: number
  /** How long it takes to open a session of the bank (1 ms), and how long one is good (a minute). */
  bankSession?: { medianMs?: number; validForMs?: number }
  /** How often the bank answers 503; never, unless a test says so. */
  hiccupProbability?: number
  /** Whether unfinished orders are looked for; tests of the sweeper only. */
  sweeps?: boolean
  /** Whether the queue's consumers run. */
  consumes?: boolean
}

export type Answer = { status: number; headers: Headers; body: Record<string, unknown> }
export type Lines = { sku: string; quantity: number }[]
export type Shop = Awaited<ReturnType<typeof openShop>>

/** Says nothing: what the shop logs is not what these tests are about. */
export const silentLog = Object.assign(createLogger('test'), { level: 'silent' })
const log = silentLog

/** Starts the shop for one test and takes everything down with it. */
export async function startShop(options: ShopOptions = {}): Promise<Shop> {
  const resources = new AsyncDisposableStack()
  onTestFinished(() => resources.disposeAsync())
  return openShop(resources, options)
}

/** One shop for all tests of a file (or of a `describe`) that do not disturb each other; ask for it inside a test. */
export function shareShop(options: ShopOptions = {}): () => Shop {
  const resources = new AsyncDisposableStack()
  let shop: Shop
  beforeAll(async () => {
    shop = await openShop(resources, options)
  })
  afterAll(() => resources.disposeAsync())
  return () => shop
}

async function openShop(resources: AsyncDisposableStack, options: ShopOptions) {
  const database = await openTestDatabase()
  const flags = fixedFlags(options.variants ?? {})
  const world = await startWorld(resources, options)

  const openStore = (role: string) => resources.use(openDatabase(database.url(role), { poolMax: 10, log }))
  const queueOf = async (role: string, consumes: boolean) =>
    resources.use(await openQueue(database.url(role), { consumes, log }))
  const stops = {} as Record<ServiceName, () => PromiseLike<void>>
  const serve = async (service: ServiceName, app: App | Promise<App>, flag: Edge['flag']) => {
    const edge = { flags, flag }
    const listening = resources.use(await listen(await app, { service, host: '127.0.0.1', port: 0, edge }))
    stops[service] = () => listening[Symbol.asyncDispose]()
    return listening.url
  }

  const pricingDeps = pricingDepsOf(pricingStore.createStore(openStore('pricing')), flags, world.erpUrl)
  const pricingUrl = await serve('pricing', pricing.buildApp({ ...pricingDeps, flags, log }), pricingEdge)

  const stockSignals = inventorySignals.createSignals(log)
  const stock = {
    store: inventoryStore.createStore(openStore('inventory')),
    pricing: createPricing(createPeer('pricing', [pricingUrl]), { flags, signals: stockSignals }),
    desk: resources.use(openPriceDesk(log)),
    deliveries: createDeliveries(createPeer('erp', [world.erpUrl])),
    signals: stockSignals,
  }
  const inventoryUrl = await serve('inventory', inventory.buildApp({ ...stock, flags, log }), inventoryEdge)

  const paySignals = paymentSignals.createSignals(log)
  const bankOf = { bankUrl: world.bankUrl, instance: 'payment-1' }
  const bankSessions = resources.use(openSessions({ ...bankOf, flags, signals: paySignals }))
  const money = {
    store: paymentStore.createStore(openStore('payment')),
    bank: createBank(world.bankUrl, { sessions: bankSessions, signals: paySignals }),
    signals: paySignals,
  }
  const paymentUrl = await serve('payment', payment.buildApp({ ...money, log }), paymentEdge)

  if (options.consumes ?? true) {
    const inventoryQueue = await queueOf('inventory', true)
    const paymentQueue = await queueOf('payment', true)
    resources.use(await inventoryQueue.consume('order-placed', 'inventory', (event) => confirm(event, stock)))
    resources.use(await paymentQueue.consume('order-placed', 'payment', (event) => capture(event, money)))
  }

  const store = apiStore.createStore(openStore('api'), await queueOf('api', false))
  const deps = {
    store,
    inventory: createInventory(options.inventoryUrls?.(inventoryUrl) ?? [inventoryUrl]),
    payment: createPayment(options.paymentUrls?.(paymentUrl) ?? [paymentUrl]),
    signals: apiSignals.createSignals(log),
    log,
  }
  if (options.sweeps ?? false) resources.use(startSweeper({ ...deps, intervalMs: 100 }))
  const sessions = createSessions('a secret for tests', store)
  const checkoutDeadlineMs = options.checkoutDeadlineMs ?? 5_000
  const admission = createAdmission({ mostUnderWay: options.mostUnderWay ?? 128, signals: deps.signals })
  const url = await serve('api', api.buildApp({ ...deps, sessions, admission, checkoutDeadlineMs }), apiEdge)
  const client = createClient(url)
  return {
    ...client,
    urls: { api: url, inventory: inventoryUrl, payment: paymentUrl, pricing: pricingUrl },
    bankUrl: world.bankUrl,
    databaseUrl: database.url,
    query: database.query,
    ledger: world.ledger,
    /** Stops one service as its process would; asked again, it is stopped already. */
    stop: (service: ServiceName) => stops[service](),
    audit: () => audit({ databaseUrl: database.url('auditor'), bankUrl: world.bankUrl }),
  }
}

function pricingDepsOf(store: pricingStore.PriceStore, flags: Flags, erpUrl: string) {
  const signals = pricingSignals.createSignals(log)
  const erp = createPeer('erp', [erpUrl])
  const cache = createPriceCache({ load: store.pricesOf, list: createPriceList(erp), flags, signals, ttlMs: 60_000 })
  return { store, cache, signals, agreements: createAgreements(erp) }
}

async function startWorld(resources: AsyncDisposableStack, options: ShopOptions) {
  const folder = await newTempFolder()
  resources.defer(() => rm(folder, { recursive: true, force: true }))
  const ledger: Ledger = resources.use(await openLedger(join(folder, 'ledger.jsonl')))
  const random = createRandom(1)
  const medianMs = options.bankMedianMs ?? 1
  const flags = fixedFlags(options.variants ?? {})
  const bank = buildBank({
    ledger,
    flags,
    random,
    medianMs,
    hiccupProbability: options.hiccupProbability ?? 0,
    session: { medianMs: 1, validForMs: 60_000, ...options.bankSession },
  })
  const erp = buildErp({ flags, random, medianMs: options.erpMedianMs ?? 1 })
  resources.defer(() => bank.close())
  resources.defer(() => erp.close())
  const at = { host: '127.0.0.1', port: 0 }
  return { ledger, bankUrl: await bank.listen(at), erpUrl: await erp.listen(at) }
}

/** Speaks to the shop as a customer does. */
export function createClient(url: string) {
  const tokens = new Map<string, string>()
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const init = { method, headers: { ...json, ...headers }, ...(text === undefined ? {} : { body: text }) }
    const response = await fetch(new URL(path, url), init)
    return {
      status: response.status,
      headers: response.headers,
      body: await response.json().catch(() => ({})),
    } as Answer
  }
  const signIn = async (userId: string) => {
    const known = tokens.get(userId)
    if (known !== undefined) return known
    const { body } = await send('POST', '/api/session', { userId })
    tokens.set(userId, String(body.token))
    return String(body.token)
  }
  const as = async (userId: string) => ({ authorization: `Bearer ${await signIn(userId)}` })
  const addCart = async (lines: Lines, userId = 'u002') => {
    const { body } = await send('POST', '/api/carts', { lines }, await as(userId))
    return String(body.cartId)
  }
  const placeOrder = async (cartId: string, { userId = 'u002', key = randomUUID() as string } = {}) =>
    send('POST', '/api/checkout', { cartId }, { ...(await as(userId)), 'idempotency-key': key })
  return {
    send,
    as,
    addCart,
    placeOrder,
    checkout: async (lines: Lines, options: { userId?: string; key?: string } = {}) =>
      placeOrder(await addCart(lines, options.userId), options),
  }
}

/** A cart with one piece of each. */
export const cartOf = (...skus: string[]): Lines => skus.map((sku) => ({ sku, quantity: 1 }))

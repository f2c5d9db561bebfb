// One trace per checkout, complete, with the shape of the design; and its id on every line that belongs to it.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { play } from '../../loadtest/driver.ts'
import { plan } from '../../loadtest/plan.ts'
import { proof } from '../../loadtest/profiles.ts'
import { childrenOf, rootOf, type Span, type Trace } from '../../services/lens/trace.ts'
import { completeTrace } from '../helpers/complete-trace.ts'
import { eventually } from '../helpers/eventually.ts'
import { startTestLab, type TestLab, traceIdOf, warmUp } from '../helpers/lab.ts'
import { cartOf } from '../helpers/shop.ts'

let lab: TestLab

beforeAll(async () => {
  lab = await startTestLab({ env: { world: { BANK_HICCUP_PROBABILITY: '0' } } })
})
afterAll(() => lab?.[Symbol.asyncDispose]())

/** A span and everything below it, a line each: service, kind, name, and for a request whom it goes to. */
function drawn(trace: Trace, span: Span, depth = 0): string[] {
  const peer = span.attributes['peer.service']
  const line = `${'  '.repeat(depth)}${span.service} ${span.kind} ${span.name}${peer === undefined ? '' : ` → ${peer}`}`
  return [line, ...childrenOf(trace, span).flatMap((child) => drawn(trace, child, depth + 1))]
}

test('a calm checkout has exactly this tree', async () => {
  const cart = cartOf('enamel-mug', 'felt-lamp')
  await warmUp(lab, cart)

  const answer = await lab.client.checkout(cart, { userId: 'u003' })
  const trace = await completeTrace(lab.source, traceIdOf(answer))

  const root = rootOf(trace) as Span
  // Siblings that start within the same millisecond may come in either order: the clock of a span's start has no finer one.
  expect(sorted(drawn(trace, root))).toEqual(sorted(calmTree))
})

const query = (service: string, verb: string) => [
  `${service} client pg-pool.connect`,
  `${service} client pg.query:${verb} shop`,
]
const below = (depth: number, ...lines: string[]) => lines.map((line) => `${'  '.repeat(depth)}${line}`)

const calmTree = [
  'api server POST /api/checkout',
  ...below(
    1,
    'api internal auth.validate',
    ...query('api', 'SELECT'),
    ...query('api', 'SELECT'),
    ...query('api', 'INSERT'),
  ),
  ...below(1, 'api client POST → inventory'),
  ...below(2, 'inventory server POST /reservations'),
  ...below(3, ...query('inventory', 'SELECT'), 'inventory internal price cart'),
  ...below(4, 'inventory client POST → pricing'),
  ...below(5, 'pricing server POST /quotes'),
  ...below(3, ...query('inventory', 'BEGIN'), 'inventory client pg.query:INSERT shop', 'inventory internal lock stock'),
  ...below(4, 'inventory client pg.query:SELECT shop'),
  ...below(3, 'inventory client pg.query:WITH shop', 'inventory client pg.query:COMMIT shop'),
  ...below(1, 'api client POST → payment'),
  ...below(2, 'payment server POST /authorisations'),
  ...below(3, ...query('payment', 'SELECT'), ...query('payment', 'INSERT')),
  ...below(3, 'payment client POST → bank', ...query('payment', 'UPDATE')),
  ...below(1, ...query('api', 'BEGIN'), 'api client pg.query:UPDATE shop'),
  ...below(1, 'api producer send order-placed/inventory'),
  ...below(2, 'api client pg.query:WITH shop', 'inventory consumer process order-placed/inventory'),
  ...below(
    3,
    ...query('inventory', 'BEGIN'),
    'inventory client pg.query:UPDATE shop',
    'inventory client pg.query:SELECT shop',
  ),
  ...below(3, 'inventory client pg.query:UPDATE shop', 'inventory client pg.query:COMMIT shop'),
  ...below(3, 'inventory client complete order-placed/inventory'),
  ...below(4, ...query('inventory', 'WITH')),
  ...below(1, 'api producer send order-placed/payment'),
  ...below(2, 'api client pg.query:WITH shop', 'payment consumer process order-placed/payment'),
  ...below(3, 'payment client POST → bank', ...query('payment', 'UPDATE')),
  ...below(3, 'payment client complete order-placed/payment'),
  ...below(4, ...query('payment', 'WITH')),
  ...below(1, 'api client pg.query:COMMIT shop'),
]

const sorted = (lines: string[]) => lines.toSorted()

test('500 checkouts are 500 complete traces, and every line logged inside one carries its id', async () => {
  const profile = { ...proof, durationSeconds: 25 }
  const outcomes = []
  for await (const outcome of play(plan(profile, 11), new URL(lab.urls.api), new AbortController().signal))
    outcomes.push(outcome)
  const placed = outcomes.filter((outcome) => outcome.status === 201)

  expect(placed.length).toBeGreaterThanOrEqual(490)
  expect(new Set(outcomes.map((outcome) => outcome.traceId)).size).toBe(500)
  for (const { traceId } of placed) {
    const trace = await completeTrace(lab.source, traceId as string)
    expect(trace.spans.filter((span) => span.parentSpanId === undefined)).toHaveLength(1)
  }
  await expectTracedLogs(placed.map((outcome) => outcome.traceId as string))
})

/** Lines outside of requests are those that a process writes about its own start. */
async function expectTracedLogs(traceIds: string[]): Promise<void> {
  const window = { fromMs: Date.now() - 120_000, toMs: Date.now() + 1000 }
  for (const service of ['api', 'inventory', 'payment', 'pricing']) {
    const lines = await lab.source.logs({ service, window })
    const untraced = lines.filter((line) => line.traceId === undefined && !line.body.startsWith('listening on'))
    expect(untraced.map((line) => line.body)).toEqual([])
  }
  for (const traceId of traceIds) {
    const lines = await lab.source.logs({ traceId, window })
    expect(lines.map((line) => line.service)).toEqual(expect.arrayContaining(['api', 'inventory', 'payment']))
  }
}

test("every line of Postgres about a commented statement carries its trace id, and a waiter's leads to the blocker", async () => {
  const waiting = await checkoutBehindLock(600)
  const traceId = traceIdOf(waiting)

  const lines = await eventually('the lines of Postgres are there', async () => {
    const found = await lab.source.logs({ traceId, window: { fromMs: Date.now() - 60_000, toMs: Date.now() + 1000 } })
    const ofPostgres = found.filter((line) => line.service === 'postgres')
    if (!ofPostgres.some((line) => line.body.includes('still waiting for'))) throw new Error('no lock wait yet')
    if (!ofPostgres.some((line) => line.body.includes('duration:'))) throw new Error('no slow statement yet')
    if (!ofPostgres.some((line) => line.body.includes('has waited'))) throw new Error('the observer said nothing yet')
    return ofPostgres
  })
  const blocker = lines.find((line) => line.attributes['postgresql.blocked_by.trace_id'] !== undefined)
  expect(blocker?.attributes['postgresql.blocked_by.trace_id']).toBe(blockingTraceId)

  const commented = await commentedLines()
  expect(commented.length).toBeGreaterThan(0)
  await eventually('all commented lines are in the viewer', async () => {
    const window = { fromMs: Date.now() - 300_000, toMs: Date.now() + 1000 }
    const lines = await lab.source.logs({ service: 'postgres', window })
    const own = lines.filter((line) => !line.body.includes('has waited')).map((line) => line.traceId ?? 'none')
    expect(countsOf(own.filter((id) => id !== 'none'))).toEqual(countsOf(commented))
  })
})

const blockingTraceId = 'b'.repeat(32)

/** How often each id occurs. */
const countsOf = (ids: string[]) =>
  new Map([...Map.groupBy(ids.toSorted(), (id) => id)].map(([id, all]) => [id, all.length]))

/** Somebody holds the bestseller's row, inside a commented statement, while a checkout wants it. */
async function checkoutBehindLock(ms: number) {
  const blocker = await holderOf('enamel-mug', `/*traceparent='00-${blockingTraceId}-${'b'.repeat(16)}-01'*/`)
  try {
    const checkout = lab.client.checkout(cartOf('enamel-mug'), { userId: 'u003' })
    const startedAt = Date.now()
    await eventually('the lock was held long enough', () => {
      if (Date.now() - startedAt < ms) throw new Error('not yet')
    })
    await blocker.query('COMMIT')
    return await checkout
  } finally {
    await blocker.end()
  }
}

/** Somebody who holds a product's row until they end. */
async function holderOf(sku: string, comment = ''): Promise<pg.Client> {
  const holder = new pg.Client(lab.databaseUrl('inventory'))
  await holder.connect()
  await holder.query('BEGIN')
  await holder.query(`SELECT id FROM stock WHERE sku = '${sku}' FOR UPDATE ${comment}`)
  return holder
}

/** Trace ids in comments of all lines that Postgres itself wrote. */
async function commentedLines(): Promise<string[]> {
  const folder = join(lab.dataDir, 'postgres-log')
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json'))
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
  return texts.flatMap((text) =>
    [...text.matchAll(/traceparent='00-([0-9a-f]{32})-/g)].map((match) => match[1] as string),
  )
}

test('a customer who hangs up counts as aborted, not as a quick success', async () => {
  const before = await countOf('aborted')
  const cartId = await lab.client.addCart(cartOf('felt-lamp'), 'u003')
  const blocker = await holderOf('felt-lamp')
  onTestFinished(() => blocker.end())
  const leaving = new AbortController()
  const impatient = fetch(new URL('/api/checkout', lab.urls.api), {
    method: 'POST',
    headers: { ...(await lab.client.as('u003')), 'content-type': 'application/json', 'idempotency-key': 'impatient' },
    body: JSON.stringify({ cartId }),
    signal: leaving.signal,
  })
  await eventually('it waits for the row', async () => {
    const { rows } = await blocker.query('SELECT count(*)::int AS waiting FROM pg_locks WHERE NOT granted')
    expect(rows).toEqual([{ waiting: 1 }])
  })
  leaving.abort()

  await expect(impatient).rejects.toThrow()
  await eventually('it is counted', async () => expect(await countOf('aborted')).toBe(before + 1))
})

/** How many checkouts ended like this, over all that was measured. */
async function countOf(outcome: string): Promise<number> {
  const window = { fromMs: Date.now() - 600_000, toMs: Date.now() + 1000 }
  const series = await lab.source.series('shop.checkout.duration', { 'shop.outcome': outcome }, window)
  return series.flatMap(({ points }) => points).reduce((sum, point) => sum + (point.count ?? 0), 0)
}

import { expect, test } from 'vitest'
import type { Source } from '../../services/lens/source.ts'
import type { Trace } from '../../services/lens/trace.ts'
import type { BulkSource } from '../../services/workshop/collect.ts'
import { judge } from '../../services/workshop/judge.ts'
import { type LabControls, type ProveOptions, prove } from '../../services/workshop/prove.ts'
import { hotProduct } from '../../services/workshop/scenarios/hot-product.ts'
import { type FakeShop, startFakeShop } from '../helpers/fake-shop.ts'
import { client, server, trace } from '../helpers/traces.ts'

/** Remembers what was done to the lab, and what the shop had been asked by then. */
function fakeControls(shop: FakeShop, failing: Partial<LabControls> = {}) {
  const done: string[] = []
  const note = (what: string) => async () => {
    done.push(what)
  }
  const controls: LabControls = {
    arm: async ([setting]) => {
      done.push(`arm ${setting?.variant} until ${setting?.until === undefined ? 'for ever' : 'then'}`)
    },
    reset: note('reset'),
    pause: note('pause'),
    resume: note('resume'),
    ...failing,
  }
  return { done, controls, checkoutsSoFar: () => shop.seen('POST /api/checkout').length }
}

/** Every trace is there, the second half of its spans a little later; logs and series are empty. */
function fakeSource(): BulkSource & { asked: Parameters<Source['logs']>[0][] } {
  const looks = new Map<string, number>()
  const asked: Parameters<Source['logs']>[0][] = []
  const traceOf = (id: string): Trace => {
    const whole = trace(server('api', 'POST /api/checkout', 0, 70, [client('api', 'POST', 5, 60)]), id)
    const look = (looks.get(id) ?? 0) + 1
    looks.set(id, look)
    return look > 1 ? whole : { ...whole, spans: whole.spans.slice(1) }
  }
  return {
    asked,
    trace: async (id) => traceOf(id),
    traces: async (ids) => new Map(ids.map((id) => [id, traceOf(id)])),
    logs: async (query) => {
      asked.push(query)
      return []
    },
    series: async (metric, labels) => [{ metric, labels, points: [] }],
  }
}

async function startProof(changes: Partial<ProveOptions> = {}, failing: Partial<LabControls> = {}) {
  const shop = await startFakeShop()
  const lab = fakeControls(shop, failing)
  const source = fakeSource()
  const said: string[] = []
  const options: ProveOptions = {
    ...{ source, target: shop.url, controls: lab.controls, seed: 7 },
    ...{
      windowSeconds: 0.25,
      warmUpSeconds: 0.05,
      ratePerSecond: 80,
      aheadMs: 100,
      patience: { everyMs: 10, withinMs: 2000 },
    },
    onProgress: ({ says }) => said.push(says),
    ...changes,
  }
  return { shop, lab, source, said, proof: prove(hotProduct, options) }
}

/** One whole proof, played for the first test that asks and only read afterwards. */
let whole: ReturnType<typeof playWhole> | undefined
const wholeProof = () => (whole ??= playWhole())

async function playWhole() {
  const started = await startProof()
  const played = await started.proof
  return { ...started, windows: played.windows, played }
}

test('a proof plays calm, armed and reset, with the baseline paused, and opens the shop again', async () => {
  const { lab, said, windows } = await wholeProof()
  expect(lab.done).toEqual([
    ...['reset', 'pause', 'pause', 'arm across-pricing until then', 'pause', 'reset', 'pause'],
    ...['reset', 'resume'],
  ])
  expect(Object.values(windows).map(({ samples }) => samples.length)).toEqual([20, 20, 20])
  expect(said.filter((line) => /^(calm|armed|reset): checkouts/.test(line))).toHaveLength(3)
})

test('the same visitors come in each window, and none of the warm-up counts', async () => {
  const { shop, windows } = await wholeProof()
  const bodies = shop.seen('POST /api/carts').map(({ body }) => JSON.stringify(body))
  expect(bodies).toHaveLength(4 + 3 * 20)
  // Carts of one window are sent side by side.
  const cartsOf = (window: number) => bodies.slice(4 + window * 20, 24 + window * 20).sort()
  expect(cartsOf(1)).toEqual(cartsOf(0))
  expect(cartsOf(2)).toEqual(cartsOf(0))
  const ids = Object.values(windows).flatMap(({ samples }) => samples.map(({ traceId }) => traceId))
  expect(new Set(ids).size).toBe(60)
})

test('a window waits until its traces are complete, and knows when they are not', async () => {
  for (const { traces, facts } of Object.values((await wholeProof()).windows)) {
    expect([...traces.values()].every(({ spans }) => spans.length === 2)).toBe(true)
    expect(facts).toMatchObject({ arrivals: 20, tracesMissing: 0, unanswered: 0, failed: 0 })
  }
  const source = { ...fakeSource(), traces: async () => new Map<string, Trace>() }
  const lost = await (await startProof({ source, patience: { everyMs: 10, withinMs: 30 } })).proof
  expect(lost.windows.armed.facts.tracesMissing).toBe(20)
})

test('logs and series are fetched as the evidence needs them, for the window alone', async () => {
  const { source, windows } = await wholeProof()
  expect(source.asked.map(({ window }) => window.fromMs)).toEqual(
    Object.values(windows).map(({ window }) => window.fromMs),
  )
  expect(windows.calm.series.map(({ metric }) => metric)).toEqual(['postgresql.sessions.waiting'])
  expect(windows.calm.window.toMs).toBeLessThanOrEqual(windows.armed.window.fromMs)
})

test('so few checkouts prove nothing', async () => {
  expect(judge(hotProduct, (await wholeProof()).played).state).toBe('inconclusive')
})

test('the lab is calm and open again when arming fails, and the first failure is reported', async () => {
  const arm = async () => {
    throw new Error('Not every service has read the flag file.')
  }
  const { proof, lab } = await startProof({}, { arm })
  await expect(proof).rejects.toThrow('Not every service has read the flag file.')
  expect(lab.done.slice(-2)).toEqual(['reset', 'resume'])
})

test('the lab is calm and open again after a stop', async () => {
  const stop = new AbortController()
  const { proof, lab } = await startProof({ signal: stop.signal, windowSeconds: 20 })
  setTimeout(() => stop.abort(), 300)
  await expect(proof).rejects.toThrow(/abort/i)
  expect(lab.done.slice(-2)).toEqual(['reset', 'resume'])
})

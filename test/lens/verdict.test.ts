import { expect, test } from 'vitest'
import { attributes, metrics, spans } from '../../services/kit/telemetry/names.ts'
import {
  type Evidence,
  impactBound,
  logLift,
  type Observed,
  type State,
  saturated,
  serialSiblings,
  shared,
  slowerSpan,
  steadySelfTime,
} from '../../services/lens/evidence.ts'
import { judgeScenario, rowOf } from '../../services/lens/verdict.ts'
import { armedMix, calmMix, windowOf } from '../helpers/hot-product.ts'

const windows = {
  calm: windowOf(calmMix),
  armed: windowOf(armedMix, { waitingSessions: 3 }),
  reset: windowOf(calmMix, { firstId: 2000 }),
}

/** Evidence that says of each window what it is told to say. */
const scripted = (calm: State, armed: State, reset: State): Evidence => ({
  says: 'scripted',
  pillar: 'metrics',
  needs: {},
  judge(now: Observed) {
    const state = now === windows.calm ? calm : now === windows.armed ? armed : reset
    return { state, measured: `it ${state}` }
  },
  paste: () => [],
})

const [h, f, i] = ['held', 'failed', 'inconclusive'] as const

test.for([
  [f, h, f, 'held', 'it held'],
  [h, h, f, 'failed', 'when calm: it held'],
  [f, f, f, 'failed', 'while armed: it failed'],
  [f, h, h, 'failed', 'after reset: it held'],
  [i, h, f, 'inconclusive', 'when calm: it inconclusive'],
  [f, i, f, 'inconclusive', 'while armed: it inconclusive'],
  [f, h, i, 'inconclusive', 'after reset: it inconclusive'],
  [i, f, f, 'failed', 'while armed: it failed'],
] as const)('a symptom that %s, %s, %s is %s', ([calm, armed, reset, state, measured]) => {
  expect(rowOf(scripted(calm, armed, reset), 'symptom', windows)).toMatchObject({ calm, armed, reset, state, measured })
})

test.for([
  [h, h, h, 'held'],
  [h, f, h, 'failed'],
  [f, h, h, 'failed'],
  [h, h, f, 'failed'],
  [h, h, i, 'inconclusive'],
  [i, h, f, 'failed'],
] as const)('an alibi that %s, %s, %s is %s', ([calm, armed, reset, state]) => {
  expect(rowOf(scripted(calm, armed, reset), 'alibi', windows).state).toBe(state)
})

test('a scenario is held only if every row is', () => {
  const good = scripted(f, h, f)
  const judged = (symptoms: Evidence[], alibis: Evidence[] = [], doubts: string[] = []) =>
    judgeScenario({ symptoms, alibis }, windows, doubts)
  expect(judged([good], [scripted(h, h, h)]).state).toBe('held')
  expect(judged([good, scripted(f, i, f)]).state).toBe('inconclusive')
  expect(judged([good, scripted(f, i, f)], [scripted(h, f, h)]).state).toBe('failed')
  expect(judged([good], [], ['the driver started 80 ms late']).state).toBe('inconclusive')
  expect(judged([])).toMatchObject({ state: 'inconclusive', doubts: ['no symptom was declared'] })
})

const ordinary = { 'shop.cart_size': { not: 'bulk' } }
const bulk = { 'shop.cart_size': 'bulk' }
const hotProduct = {
  symptoms: [
    impactBound('a few checkouts in a hundred are slow, the median is not'),
    saturated('sessions wait for a lock', {
      metric: metrics.dbSessionsWaiting,
      labels: { [attributes.waitEventType]: 'Lock' },
      above: 0,
      atLeastShareOfPoints: 0.3,
    }),
    shared('slow ordinary carts share a product', { key: attributes.sku, atLeastShare: 0.8, among: ordinary }),
    slowerSpan('they wait in locking stock', {
      service: 'inventory',
      name: spans.lockStock,
      among: ordinary,
      atLeastShare: 0.8,
    }),
    serialSiblings('bulk carts are priced line by line', {
      service: 'inventory',
      to: 'pricing',
      atLeast: 15,
      inside: { service: 'inventory', kind: 'server' },
      among: bulk,
    }),
    logLift('Postgres names who waits, and for whom', {
      service: 'postgres',
      pattern: /still waiting for/,
      among: ordinary,
      leadsTo: { cohort: bulk },
    }),
  ],
  alibis: [steadySelfTime('pricing is as quick as ever', { service: 'pricing', ratioAtMost: 1.5 })],
}

test('the scenario hot-product is held on windows as it predicts them', () => {
  const { state, rows } = judgeScenario(hotProduct, windows)
  expect(rows.filter((row) => row.state !== 'held')).toEqual([])
  expect(state).toBe('held')
  expect(new Set(rows.map(({ pillar }) => pillar))).toEqual(new Set(['metrics', 'traces', 'logs']))
})

test('the scenario hot-product fails in every symptom when nothing was armed', () => {
  const { state, rows } = judgeScenario(hotProduct, { ...windows, armed: windows.calm })
  expect(state).toBe('failed')
  expect(rows.filter(({ role }) => role === 'symptom').map((row) => row.state)).toEqual(Array(6).fill('failed'))
})

test('the scenario hot-product fails when the reset changed nothing', () => {
  const { state, rows } = judgeScenario(hotProduct, { ...windows, reset: windows.armed })
  expect(state).toBe('failed')
  expect(rows.every((row) => row.role === 'alibi' || row.measured.startsWith('after reset:'))).toBe(true)
})

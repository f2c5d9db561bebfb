// `verify --fixes`: what people would do about it is done, in order, and judged by what becomes of the checkouts.
import { expect, test } from 'vitest'
import type { Outcome } from '../../loadtest/outcome.ts'
import { rowOf, tryFixes } from '../../services/workshop/fixes.ts'
import type { LabControls } from '../../services/workshop/prove.ts'
import { anatomy } from '../../services/workshop/scenarios/anatomy.ts'
import { type Behaviour, startFakeShop } from '../helpers/fake-shop.ts'
import { arrivalsAt } from '../helpers/playing.ts'

const [arrival] = arrivalsAt(20, 1)

const outcomes = (total: number, slow: number, { failed = 0, startLagMs = 1 } = {}): Outcome[] =>
  Array.from({ length: total }, (_, i) => ({
    arrival: arrival as Outcome['arrival'],
    dueEpochMs: i * 50,
    latencyMs: i < slow ? 900 : 70,
    requestMs: i < slow ? 900 : 70,
    startLagMs,
    status: i >= total - failed ? 503 : 201,
  }))

test.each([
  ['nothing', 40, 'held'],
  ['nothing', 0, 'failed'],
  ['nothing', 8, 'inconclusive'],
  ['wrong', 40, 'held'],
  ['wrong', 2, 'failed'],
  ['right', 40, 'failed'],
  ['right', 2, 'held'],
  ['right', 8, 'inconclusive'],
] as const)('with %s done, %d slow checkouts of 600 mean: %s', (kind, slow, state) => {
  expect(rowOf({ kind, fix: 'x' }, outcomes(600, slow)).state).toBe(state)
})

test('checkouts that fail are no better than slow ones, and a late driver proves nothing', () => {
  const failing = rowOf({ kind: 'right', fix: 'x' }, outcomes(600, 0, { failed: 30 }))
  expect(failing).toMatchObject({ state: 'failed', measured: expect.stringMatching(/30 of them failed$/) })
  const withoutCart = outcomes(600, 0, { failed: 600 }).map((one) => ({ ...one, failedStep: 'cart' }))
  expect(rowOf({ kind: 'right', fix: 'x' }, withoutCart).state).toBe('failed')
  const late = rowOf({ kind: 'right', fix: 'x' }, outcomes(600, 0, { startLagMs: 80 }))
  expect(late).toMatchObject({ state: 'inconclusive', measured: expect.stringMatching(/the driver was late/) })
})

test('each fix is tried on the scenario as armed, the right one last, and everything is calm and open afterwards', async () => {
  const behaviour: Behaviour = {}
  const shop = await startFakeShop(behaviour)
  const done: string[] = []
  const set = new Map<string, string>()
  const controls: LabControls = {
    async arm(settings) {
      for (const { flag, variant, until } of settings) {
        set.set(flag, variant)
        done.push(`${flag} ${variant}${until === undefined ? '' : ' until'}`)
      }
      behaviour.checkoutMs = set.get('company-cards') === 'approved' ? 520 : 1
    },
    async reset() {
      set.clear()
      behaviour.checkoutMs = 1
      done.push('reset')
    },
    pause: async () => {},
    resume: async () => void done.push('resume'),
  }
  const seconds = {
    windowSeconds: 0.5,
    warmUpSeconds: 0.05,
    restoredSeconds: 0.5,
    settlingSeconds: 0.05,
    incidentSeconds: 0.05,
  }
  const rows = await tryFixes(anatomy, {
    ...{ target: shop.url, controls, seed: 1, ratePerSecond: 240, aheadMs: 100 },
    ...seconds,
  })
  // Whether the driver was on time is the machine's affair; how many were slow is not.
  expect(rows.map(({ kind, measured }) => [kind, Number(/^(\d+) of 120 over/.exec(measured)?.[1]) > 60])).toEqual([
    ['nothing', true],
    ['wrong', true],
    ['right', false],
  ])
  const armed = ['reset', 'company-cards approved until', 'agreement-lookup in-archive until']
  expect(done).toEqual([
    'reset',
    ...armed,
    ...[...armed, 'agreement-lookup at-hand'],
    ...[...armed, 'company-cards trusted'],
    ...['reset', 'resume'],
  ])
})

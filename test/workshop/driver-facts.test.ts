// What the driver says about a window of a proof, and which of its checkouts are evidence.
import { expect, test } from 'vitest'
import type { Outcome } from '../../loadtest/outcome.ts'
import { factsOf, samplesOf } from '../../services/workshop/driver-facts.ts'
import { arrivalsAt } from '../helpers/playing.ts'

const [arrival] = arrivalsAt(20, 1)
const outcome = (more: Partial<Outcome> = {}): Outcome => ({
  ...{
    arrival: arrival as Outcome['arrival'],
    dueEpochMs: 0,
    latencyMs: 80,
    startLagMs: 1,
    requestMs: 79,
    status: 201,
  },
  ...more,
})

test('a visit whose cart failed is no fast checkout: it is no evidence, and has no answer', () => {
  const { requestMs: _, ...unsent } = outcome({ latencyMs: 0, status: 500, code: 'internal', failedStep: 'cart' })
  expect(samplesOf([unsent, outcome()]).map(({ latencyMs }) => latencyMs)).toEqual([80])
  expect(factsOf([unsent, outcome()], 0)).toMatchObject({ arrivals: 2, unanswered: 1, failed: 1 })
})

test('checkouts that were sent late are a doubt, whoever was to blame', () => {
  const late = outcome({ startLagMs: 300, isUnprepared: true })
  expect(factsOf([outcome(), late], 0).startLagP99Ms).toBe(300)
})

// All scenarios, easiest first, controls last. A new one is a file beside this and a line in this list.
import { listClosest } from '../closest.ts'
import { UnknownScenario } from '../errors.ts'
import type { Scenario } from '../scenario.ts'
import { anatomy } from './anatomy.ts'
import { blip } from './blip.ts'
import { busyMoments } from './busy-moments.ts'
import { calm } from './calm.ts'
import { elsewhere } from './elsewhere.ts'
import { frozenMoments } from './frozen-moments.ts'
import { greenDashboard } from './green-dashboard.ts'
import { hotProduct } from './hot-product.ts'
import { longCarts } from './long-carts.ts'
import { nowAndThen } from './now-and-then.ts'
import { oneConnection } from './one-connection.ts'
import { oneInstance } from './one-instance.ts'
import { oneIssuer } from './one-issuer.ts'
import { sawtooth } from './sawtooth.ts'
import { thirdTimeLucky } from './third-time-lucky.ts'

export const scenarios: readonly Scenario[] = [
  anatomy,
  hotProduct,
  oneIssuer,
  thirdTimeLucky,
  longCarts,
  oneInstance,
  busyMoments,
  frozenMoments,
  sawtooth,
  nowAndThen,
  oneConnection,
  elsewhere,
  greenDashboard,
  calm,
  blip,
]

/** @throws UnknownScenario listing those that exist, the most similar first. */
export function scenarioNamed(id: string, among: readonly Scenario[] = scenarios): Scenario {
  const scenario = among.find((candidate) => candidate.id === id)
  if (scenario !== undefined) return scenario
  const ids = among.map((candidate) => candidate.id)
  throw new UnknownScenario(`There is no scenario "${id}". Scenarios are: ${listClosest(id, ids)}.`)
}

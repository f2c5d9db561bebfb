// Baseline traffic by k6: the same plan as loadtest/baseline.ts, at the same rate, for as long as the stack is up.
// k6 run -e API_URL=http://localhost:8080 loadtest/baseline.k6.ts
import { sleep } from 'k6'
import exec from 'k6/execution'
import { type Step, stepsOf, type Values } from './journeys.ts'
import { rate, seed, workshopUrl } from './k6/settings.ts'
import { kept, send, sent, systemTags, type Tokens, valuesOf } from './k6/shop.ts'
import { isBaselinePaused } from './k6/workshop.ts'
import { arrivalAt } from './plan.ts'
import { baseline } from './profiles.ts'

export const options = {
  // k6 puts the name of this block on every measurement, hence a name that says nothing.
  scenarios: {
    baseline: {
      executor: 'constant-arrival-rate',
      rate: Math.max(1, Math.round(baseline.ratePerSecond * (rate ?? 1))),
      timeUnit: '1s',
      duration: '8760h',
      // Few to start with, for memory; more are made when the shop is slow, so that arrivals do not wait for answers. As many as
      // the slowest scenario needs: what a shop that stands still would have besides fills the memory, and is left out.
      preAllocatedVUs: 6,
      maxVUs: 30,
      gracefulStop: '2s',
    },
  },
  systemTags,
}

const lookAround: Step = { name: 'products', method: 'GET', path: '/api/products' }

type SetUp = { run: string }

/** Waits for the shop, and names this run: its idempotency keys must not be those of the run before. */
export function setup(): SetUp {
  while (send(lookAround, {}, {}).status !== 200) sleep(0.2)
  return { run: Math.floor(Math.random() * 2 ** 32).toString(16) }
}

const tokens: Tokens = {}

/** One arrival. Whether it went well is in the metrics; nothing stops this traffic. */
export default function visit({ run }: SetUp): void {
  if (isPaused()) return
  const arrival = arrivalAt(baseline, seed, exec.scenario.iterationInTest)
  const { preparation, counted } = stepsOf(arrival.journey)
  let values: Values = valuesOf(arrival, run)
  for (const step of preparation) {
    const more = kept(step, sent(step, values, arrival, run, tokens))
    if (more === undefined) return
    values = { ...values, ...more }
  }
  sent(counted, values, arrival, run, tokens)
}

const askEveryMs = 500
let pause = { is: false, askedAtMs: 0 }

/** A proof has the shop to itself: its arithmetic is about its own arrivals. What is not sent meanwhile is left out. */
function isPaused(): boolean {
  if (workshopUrl === '' || Date.now() < pause.askedAtMs + askEveryMs) return pause.is
  pause = { is: isBaselinePaused(), askedAtMs: Date.now() }
  return pause.is
}

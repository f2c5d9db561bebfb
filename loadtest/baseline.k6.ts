// Baseline traffic by k6: the same plan as loadtest/baseline.ts, at the same rate, for as long as the stack is up.
// k6 run -e API_URL=http://localhost:8080 loadtest/baseline.k6.ts
import { sleep } from 'k6'
import exec from 'k6/execution'
import http, { type Response } from 'k6/http'
import { fill, fillToText, type Step, stepsOf, type Values } from './journeys.ts'
import { cartOf } from './personas.ts'
import { type Arrival, arrivalAt } from './plan.ts'
import { baseline } from './profiles.ts'

const apiUrl = __ENV.API_URL ?? 'http://localhost:8080'
/** Asked whether traffic is to pause; never pauses when absent. */
const workshopUrl = __ENV.WORKSHOP_URL ?? ''
const seed = Number(__ENV.SEED ?? 1)

export const options = {
  // k6 puts the name of this block on every measurement, hence a name that says nothing.
  scenarios: {
    baseline: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV.RATE ?? baseline.ratePerSecond),
      timeUnit: '1s',
      duration: '8760h',
      // Few to start with, for memory; more are made when the shop is slow, so that arrivals do not wait for answers.
      preAllocatedVUs: 6,
      maxVUs: 80,
      gracefulStop: '2s',
    },
  },
  // Not the address: each order has its own, and a series for each would fill the memory. Not the block's name either.
  systemTags: ['status', 'method', 'name', 'expected_response'],
}

type SetUp = { run: string }

/** Waits for the shop, and names this run: its idempotency keys must not be those of the run before. */
export function setup(): SetUp {
  while (request({ name: 'products', method: 'GET', path: '/api/products' }, {}, {}).status !== 200) sleep(0.2)
  return { run: Math.floor(Math.random() * 2 ** 32).toString(16) }
}

/** One arrival. Whether it went well is in the metrics; nothing stops this traffic. */
export default function visit({ run }: SetUp): void {
  if (isPaused()) return
  const arrival = arrivalAt(baseline, seed, exec.scenario.iterationInTest)
  const { preparation, counted } = stepsOf(arrival.journey)
  let values: Values = { cart: cartOf(arrival.persona), key: `${run}-${arrival.iteration}` }
  for (const step of preparation) {
    const answer = sent(step, values, arrival, run)
    if (answer.status >= 300 || answer.status === 0) return
    values = { ...values, ...Object.fromEntries((step.keep ?? []).map((name) => [name, answer.json(name)])) }
  }
  sent(counted, values, arrival, run)
}

const askEveryMs = 500
let pause = { is: false, askedAtMs: 0 }

/** A proof has the shop to itself: its arithmetic is about its own arrivals. What is not sent meanwhile is left out. */
function isPaused(): boolean {
  if (workshopUrl === '' || Date.now() < pause.askedAtMs + askEveryMs) return pause.is
  const params = { tags: { name: 'traffic' }, timeout: '1s' }
  const answer = http.request('GET', `${workshopUrl}/api/traffic`, null, params)
  pause = { is: answer.status === 200 && answer.json('paused') === true, askedAtMs: Date.now() }
  return pause.is
}

const tokens = new Map<string, string>()

/** Sends a step as the arrival's user, who signs in when this virtual user has not seen them yet or the token is over. */
function sent(step: Step, values: Values, { persona }: Arrival, run: string): Response {
  const baggage = { baggage: `shop.persona=${persona.name},shop.run=${run}` }
  const as = (token: string) => request(step, values, { ...baggage, authorization: `Bearer ${token}` })
  const answer = as(tokens.get(persona.userId) ?? signIn(persona.userId, baggage))
  return answer.status === 401 ? as(signIn(persona.userId, baggage)) : answer
}

function signIn(userId: string, headers: Record<string, string>): string {
  const step: Step = { name: 'sign-in', method: 'POST', path: '/api/session', body: { userId } }
  const answer = request(step, {}, headers)
  const token = answer.status === 200 ? String(answer.json('token')) : ''
  if (token !== '') tokens.set(userId, token)
  return token
}

/** No `traceparent`: the parent it names would never arrive, and every trace would look as if its beginning were lost. */
function request(step: Step, values: Values, headers: Record<string, string>): Response {
  const own = Object.entries(step.headers ?? {}).map(([name, value]) => [name, fillToText(value, values)])
  const body = step.body === undefined ? null : JSON.stringify(fill(step.body, values))
  const json = body === null ? {} : { 'content-type': 'application/json' }
  return http.request(step.method, apiUrl + fillToText(step.path, values), body, {
    headers: { ...headers, ...json, ...Object.fromEntries(own) },
    tags: { name: step.name },
    timeout: '30s',
  })
}

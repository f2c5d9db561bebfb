// Nothing that is exported gives the answer away, or anybody's card, token or address.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { play } from '../../loadtest/driver.ts'
import { plan } from '../../loadtest/plan.ts'
import { type Profile, proof } from '../../loadtest/profiles.ts'
import { users } from '../../services/kit/seed.ts'
import type { Scenario } from '../../services/workshop/scenario.ts'
import { scenarios } from '../../services/workshop/scenarios/index.ts'
import { eventually } from '../helpers/eventually.ts'
import { startTestLab, type TestLab } from '../helpers/lab.ts'
import { type RecordingEndpoint, startRecordingEndpoint } from '../helpers/recording-endpoint.ts'
import { cartOf } from '../helpers/shop.ts'
import { tellingIn } from '../helpers/telling-words.ts'

let endpoint: RecordingEndpoint
let lab: TestLab

beforeAll(async () => {
  endpoint = await startRecordingEndpoint()
  // As JSON, ids are hexadecimal; as protobuf they are raw bytes, and some spell a word by chance.
  const json = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }
  const env = { api: json, inventory: json, pricing: json, 'payment-1': json, 'payment-2': json }
  lab = await startTestLab({ otlpEndpoint: endpoint.url, without: [], env })
})
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]()
  await endpoint?.[Symbol.asyncDispose]()
})

test('the search finds a planted word and lets ordinary ones pass', () => {
  expect(tellingIn('x hot-product y')).toHaveLength(1)
  expect(tellingIn('RESERVATION-LOCKING')).toHaveLength(1)
  expect(tellingIn('trace_flags defaulted /alarmed scenario_id reservation locking')).toHaveLength(0)
})

const title = 'no exported byte names a scenario, a flag or a variant, nor a card, a token, an address or a password'
test(title, { timeout: 400_000 }, async () => {
  await everythingHappens()

  const exported = endpoint.text()
  expect(exported.length).toBeGreaterThan(1_000_000)
  expect(tellingIn(exported).slice(0, 5)).toEqual([])
  const secrets = ['@shop.example', 'Bearer ', 'eyJhbGciOi', ...users.map((user) => user.cardToken)]
  expect(secrets.filter((secret) => exported.includes(secret))).toEqual([])
})

/** What is logged when scenarios take effect. */
const linesOfScenarios = [
  'still waiting for',
  'waited for a new session of the bank',
  'The bank has no room',
  'answer of the bank about order',
  'coupon refused',
]
const linesMissing = (): string[] => linesOfScenarios.filter((line) => !endpoint.text('/v1/logs').includes(line))

/** Everything that can be changed is changed, everything that can go wrong goes wrong, and all of it is exported. */
async function everythingHappens(): Promise<void> {
  for (const scenario of scenarios) await playedWith(scenario)
  // Some seconds of each are few: on a slow machine a bank may have had no rush yet.
  for (let rounds = 1; rounds < 3 && linesMissing().length > 0; rounds++)
    for (const scenario of scenarios) await playedWith(scenario)
  for (const service of ['inventory', 'payment', 'pricing', 'api']) {
    for (const variant of ['delay-250ms', 'error-503', 'reset']) {
      await setFlag(`${service}-edge`, { variant })
      await lab.client.checkout(cartOf('enamel-mug')).catch(() => undefined)
    }
    await setFlag(`${service}-edge`, { variant: 'none' })
  }
  await lab.client.checkout(cartOf('enamel-mug'), { userId: 'u250' })
  await lab.client.checkout(cartOf('limited-mug'))
  await lab.client.send('POST', '/api/carts', '{"lines": [', {})
  lab.kill('inventory', 'SIGKILL')
  await lab.client.checkout(cartOf('enamel-mug'))
  await eventually('the last errors are exported', () => {
    expect(linesMissing()).toEqual([])
    expect(endpoint.text('/v1/logs')).toContain('inventory_unavailable')
    expect(endpoint.text('/v1/logs')).toContain('card_declined')
    expect(endpoint.text('/v1/metrics')).toContain('postgresql.sessions.waiting')
  })
}

/** For some seconds, with bulk carts enough to get into each other's way. */
async function playedWith({ arm, extraLoad }: Scenario): Promise<void> {
  for (const { flag, ...change } of arm) await setFlag(flag, change)
  const bulky = { ...proof, bulk: { ...proof.bulk, share: 0.05 } }
  const profiles = [bulky, ...(extraLoad === undefined ? [] : [extraLoad])]
  await Promise.all(profiles.map((profile) => playedToItsEnd({ ...profile, durationSeconds: 4 })))
  await fetch(new URL('/api/reset', lab.urls.workshop), { method: 'POST' })
}

async function playedToItsEnd(profile: Profile): Promise<void> {
  for await (const _ of play(plan(profile, 3), new URL(lab.urls.api), new AbortController().signal));
}

async function setFlag(name: string, change: Record<string, unknown>): Promise<void> {
  const response = await fetch(new URL(`/api/flags/${name}`, lab.urls.workshop), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
  })
  expect(response.status, await response.text()).toBe(200)
}

import { readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { reservationLocking } from '../../services/inventory/flags.ts'
import { watchFlags } from '../../services/kit/flags/watch.ts'
import { scenarios } from '../../services/workshop/scenarios/index.ts'
import { shopFlags } from '../../services/workshop/shop-flags.ts'
import { startStuckService, startWorkshop } from '../helpers/workshop.ts'

const flagUrl = '/api/flags/reservation-locking'

test('answers its health check', async () => {
  const { call } = await startWorkshop()
  expect(await call('GET', '/healthz')).toEqual({ status: 200, body: { status: 'ok', service: 'workshop' } })
})

test('keeps connections for longer than k6 leaves them idle, so that no outcome is lost with one', async () => {
  const { url } = await startWorkshop()
  expect((await fetch(new URL('/healthz', url))).headers.get('keep-alive')).toBe('timeout=600')
})

test('lists every flag, calm to begin with and read by every service', async () => {
  const { client } = await startWorkshop()
  const { flags, missing, acknowledgedBy } = await client.flags()
  expect(flags.map(({ name }) => name)).toEqual(shopFlags.map(({ name }) => name))
  expect(flags.flatMap(({ setting }) => setting ?? [])).toEqual([])
  expect(flags.find(({ name }) => name === reservationLocking.name)).toEqual({
    name: 'reservation-locking',
    variants: ['narrow', 'across-pricing'],
    calm: 'narrow',
    keys: ['shop.cart_size', 'shop.tier'],
    shareBy: 'shop.order_id',
    isEditedByHand: false,
  })
  expect({ missing, acknowledgedBy }).toEqual({ missing: [], acknowledgedBy: ['inventory'] })
})

test('sets a flag that a service then picks, shows it, and resets it', async () => {
  const { client, file } = await startWorkshop()
  const where = { 'shop.cart_size': 'bulk' }
  const { setting, missing, revision } = await client.set('reservation-locking', { variant: 'across-pricing', where })
  expect({ setting, missing }).toEqual({
    setting: { flag: 'reservation-locking', variant: 'across-pricing', where },
    missing: [],
  })
  using flags = await watchFlags(file)
  const about = { 'shop.tier': 'business', 'shop.order_id': 'a' }
  expect(flags.revision).toBe(revision)
  expect(flags.pick(reservationLocking, { ...about, 'shop.cart_size': 'bulk' })).toBe('across-pricing')
  expect(flags.pick(reservationLocking, { ...about, 'shop.cart_size': 'small' })).toBe('narrow')
  expect((await client.flags()).flags.find(({ name }) => name === 'reservation-locking')?.setting).toEqual(setting)

  expect((await client.reset()).missing).toEqual([])
  expect((await client.flags()).flags.every((flag) => flag.setting === undefined)).toBe(true)
})

test('replaces the setting of a flag and leaves the others alone', async () => {
  const { client, file } = await startWorkshop()
  await Promise.all([
    client.set('api-edge', { variant: 'delay-1s', share: 0.2 }),
    client.set('reservation-locking', { variant: 'across-pricing', share: 0.1 }),
    client.set('reservation-locking', { variant: 'across-pricing', share: 0.9 }),
  ])
  const settings = (await client.flags()).flags.flatMap(({ setting }) => setting ?? [])
  expect(settings.map(({ flag, share }) => [flag, share])).toEqual([
    ['api-edge', 0.2],
    ['reservation-locking', expect.any(Number)],
  ])
  expect(await readdir(dirname(file))).toEqual(['flags.json'])
})

test('says which service did not acknowledge', async () => {
  const gone = { name: 'pricing', healthUrl: 'http://127.0.0.1:9/healthz' }
  const { client } = await startWorkshop({ instances: [await startStuckService('payment-2'), gone] })
  expect(await client.set('api-edge', { variant: 'reset' })).toMatchObject({
    acknowledgedBy: ['inventory'],
    missing: [
      { name: 'payment-2', why: 'it has revision old' },
      { name: 'pricing', why: 'http://127.0.0.1:9/healthz cannot be reached' },
    ],
  })
})

test.each([
  ['PUT', '/api/flags/api-egde', { variant: 'none' }, 404, /^There is no flag "api-egde"\. Flags are: api-edge,/],
  ['PUT', flagUrl, { variant: 'wide' }, 400, /has no variant "wide"/],
  ['PUT', flagUrl, { variant: 'across-pricing', share: 'half' }, 400, /^body.share is "half": expected a number/],
  ['PUT', flagUrl, { variant: 'across-pricing', sahre: 0.5 }, 400, /sahre/],
  ['PUT', flagUrl, {}, 400, /^body.variant is missing: expected the name of a variant$/],
  ['POST', '/api/traffic', { paused: 'yes' }, 400, /^body.paused is "yes": expected true or false$/],
  ['POST', '/api/traffic', { paused: true, forSeconds: 86_400 }, 400, /expected at most 600/],
  [
    'POST',
    '/api/scenarios/hot-prodct/start',
    {},
    404,
    /^There is no scenario "hot-prodct"\. Scenarios are: hot-product/,
  ],
  ['POST', '/api/scenarios/hot-product/start', { seed: -1 }, 400, /^body.seed is -1/],
  ['GET', '/api/nothing', undefined, 404, /nothing at GET \/api\/nothing/],
])('%s %s with %j is refused with %d and a sentence', async (method, path, body, status, says) => {
  const { call } = await startWorkshop()
  const answer = await call(method, path, body)
  expect(answer).toEqual({
    status,
    body: { code: expect.any(String), message: expect.stringMatching(says), traceId: null },
  })
})

test('refuses what a page of another site sends', async () => {
  const { call, client } = await startWorkshop()
  const answer = await call('POST', '/api/reset', {}, { 'sec-fetch-site': 'cross-site' })
  expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  expect((await client.flags()).missing).toEqual([])
})

test('does not overwrite a flag file that somebody left half edited, until it is reset', async () => {
  const { call, client, file } = await startWorkshop()
  await writeFile(file, '{"flags": {')
  expect(await call('PUT', flagUrl, { variant: 'across-pricing' })).toMatchObject({
    status: 409,
    body: { code: 'unreadable_flag_file', message: expect.stringMatching(/cannot be used: it is not JSON/) },
  })
  expect(await readFile(file, 'utf8')).toBe('{"flags": {')
  expect((await client.reset()).missing).toEqual([])
})

test('pauses traffic until told otherwise or until the time is up', async () => {
  const { client } = await startWorkshop()
  expect(await client.traffic()).toEqual({ paused: false })
  expect(await client.setTraffic({ paused: true, reason: 'a proof', forSeconds: 60 })).toMatchObject({
    paused: true,
    reason: 'a proof',
  })
  expect(await client.setTraffic({ paused: false })).toEqual({ paused: false })
  await client.setTraffic({ paused: true, forSeconds: 0.05 })
  await expect.poll(() => client.traffic()).toEqual({ paused: false })
})

test('lists scenarios with their question, and tells nothing of the answer', async () => {
  const { call } = await startWorkshop()
  const { body } = await call('GET', '/api/scenarios')
  expect(body.scenarios).toEqual(scenarios.map(({ id, level, question }) => ({ id, level, question })))
  const text = JSON.stringify(body)
  for (const { truth, title } of scenarios.filter(({ control }) => control === undefined)) {
    for (const told of [title, truth.mechanism, ...truth.path]) expect(text).not.toContain(told)
  }
})

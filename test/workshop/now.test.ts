// What the console is told: the moment, the storefront, and the document of it all.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { codeOf } from '../../services/workshop/drills/where-in-code.ts'
import { shopFlags } from '../../services/workshop/shop-flags.ts'
import { eventually } from '../helpers/eventually.ts'
import { startFakeShop } from '../helpers/fake-shop.ts'
import { telemetryOf } from '../helpers/telemetry.ts'
import { startStuckService, startWorkshop } from '../helpers/workshop.ts'

test('when nothing goes on nothing is armed, and there is somewhere to look', async () => {
  const { call } = await startWorkshop()
  const { body } = await call('GET', '/api/now')
  expect(body).toMatchObject({ run: null, drill: null, armed: [], missing: [], sloMs: 500, traffic: { paused: false } })
  expect(body.look).toMatchObject({
    name: 'Viewer',
    url: expect.stringMatching(/^http:\/\/viewer\/\?from=\d+&to=\d+$/),
  })
})

test('what is armed is told with who did it and until when, and who has not read it', async () => {
  const { call } = await startWorkshop({ instances: [await startStuckService('payment-1')] })
  await call('PUT', '/api/flags/api-edge', { variant: 'delay-1s', share: 0.2, for: '5m' })
  const { body } = await call('GET', '/api/now')
  expect(body.armed).toEqual([
    { flag: 'api-edge', variant: 'delay-1s', share: 0.2, until: expect.any(String), by: 'somebody, as a fault' },
  ])
  expect(body.missing).toMatchObject([{ name: 'payment-1' }])
})

test('a scenario is told by its name, and of a hidden one not what it arms', async () => {
  const shop = await startFakeShop()
  const { call } = await startWorkshop({ target: shop.url })
  await call('POST', '/api/scenarios/one-issuer/start', {})
  await eventually('its flag is armed', async () =>
    expect((await call('GET', '/api/now')).body.armed).toMatchObject([
      { flag: 'card-checks', by: 'scenario one-issuer' },
    ]),
  )
  await call('POST', '/api/reset')
  await call('POST', '/api/scenarios/one-issuer/start', { hidden: true })
  const { body } = await call('GET', '/api/now')
  expect(body.run).toMatchObject({ id: 'hidden' })
  expect(body).not.toHaveProperty('armed')
  expect(JSON.stringify(body)).not.toMatch(/one-issuer|card-checks/)
})

test('when nobody answers for telemetry the rest is told all the same', async () => {
  const telemetry = telemetryOf()
  telemetry.series = async () => Promise.reject(new Error('The viewer at http://127.0.0.1:1 cannot be reached.'))
  const { call } = await startWorkshop({ telemetry })
  const { status, body } = await call('GET', '/api/now')
  expect({ status, why: body.why, run: body.run }).toEqual({
    status: 200,
    why: expect.stringMatching(/cannot be reached/),
    run: null,
  })
})

test('the storefront sells to whom one chooses, and each checkout says how long it took and where its trace is', async () => {
  const shop = await startFakeShop({ checkoutMs: 60 })
  const { call } = await startWorkshop({ target: shop.url })
  const { body: store } = await call('GET', '/api/shop')
  const { customers, products } = store as { customers: { id: string; tier: string }[]; products: { sku: string }[] }
  expect(new Set(customers.map(({ tier }) => tier))).toEqual(new Set(['standard', 'gold', 'business']))

  const lines = [{ sku: products[0]?.sku, quantity: 2 }]
  const bought = await call('POST', '/api/shop/checkouts', { customer: customers[0]?.id, lines, coupon: 'WELCOME-10' })
  const { body } = bought
  expect(body).toMatchObject({
    status: 201,
    orderId: expect.any(String),
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
  })
  expect(body.traceUrl).toBe(`http://viewer/trace/${body.traceId}`)
  expect(body.tookMs).toBeGreaterThan(55)
  expect(shop.seen('POST /api/carts')[0]?.body).toEqual({ lines, coupon: 'WELCOME-10' })
  const again = await call('POST', '/api/shop/checkouts', { customer: customers[0]?.id, lines })
  expect(again.body.orderId).not.toBe(body.orderId)
  const keys = shop.seen('POST /api/checkout').map(({ headers }) => headers['idempotency-key'])
  expect(new Set(keys).size).toBe(2)
})

test('a checkout that the shop refuses says so, and one that makes no sense gets a sentence', async () => {
  const shop = await startFakeShop({ declines: true })
  const { call } = await startWorkshop({ target: shop.url })
  const lines = [{ sku: 'enamel-mug', quantity: 1 }]
  expect((await call('POST', '/api/shop/checkouts', { customer: 'u250', lines })).body).toMatchObject({
    status: 402,
    code: 'card_declined',
  })
  const sentences: [unknown, RegExp][] = [
    [{ customer: 'u999', lines }, /no customer "u999": expected u001 to u500/],
    [{ customer: 'u001', lines: [] }, /body\.lines.*expected at least one line/],
    [
      { customer: 'u001', lines: [{ sku: 'enamel-mug', quantity: 0 }] },
      /body\.lines\.0\.quantity is 0: expected at least 1/,
    ],
    [{ lines }, /body\.customer/],
  ]
  for (const [asked, says] of sentences) {
    const { status, body } = await call('POST', '/api/shop/checkouts', asked)
    expect({ status, message: body.message }).toEqual({ status: 400, message: expect.stringMatching(says) })
  }
})

test('the OpenAPI document names every route, and nothing else', async () => {
  const { call } = await startWorkshop()
  const { body } = await call('GET', '/api/openapi.json')
  const paths = body.paths as Record<string, Record<string, object>>
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
  )
  const served = globSync('services/workshop/**/*.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/app\.(get|put|post)\('(\/(?:api\/|healthz)[^']*)'/g)].map(
      ([, method = '', path = '']) => `${method.toUpperCase()} ${path}`,
    ),
  )
  expect(documented.toSorted()).toEqual(served.toSorted())
  const body0 = JSON.stringify(paths['/api/flags/{name}'])
  expect(body0).toContain('"variant":{"type":"string"}')
})

test('of every flag it is known where it is chosen, and a variant is picked there', () => {
  for (const { name } of shopFlags) {
    for (const path of codeOf([{ flag: name, variant: '' }])) {
      expect(existsSync(path), path).toBe(true)
      expect(readFileSync(path, 'utf8'), `${name} in ${path}`).toContain('flags.pick(')
    }
  }
})

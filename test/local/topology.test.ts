import { expect, test } from 'vitest'
import { topology, urlsOf } from '../../infra/local/topology.ts'

const options = {
  portBase: 100,
  dataDir: '/data',
  traffic: true,
  seed: 7,
  sessionSecret: 'secret',
  version: '1.2.3',
  databaseUrl: (role: string) => `postgres://${role}@db/shop`,
}

test('every port is moved by the base, and no two processes share one', () => {
  const used = topology(options).flatMap(({ port, morePorts = [] }) => (port === undefined ? [] : [port, ...morePorts]))

  expect(new Set(used).size).toBe(used.length)
  expect(Object.values(urlsOf(100)).toSorted()).toEqual(used.map((port) => `http://127.0.0.1:${port}`).toSorted())
  expect(urlsOf(100).api).toBe('http://127.0.0.1:8180')
})

test('services are instrumented and send their telemetry to the viewer or to what was given', () => {
  const endpoints = (given?: string) =>
    topology({ ...options, ...(given === undefined ? {} : { otlpEndpoint: given }) }).flatMap(
      ({ env }) => env.OTEL_EXPORTER_OTLP_ENDPOINT ?? [],
    )

  expect(new Set(endpoints())).toEqual(new Set(['http://127.0.0.1:4418']))
  expect(new Set(endpoints('http://collector:4318'))).toEqual(new Set(['http://collector:4318']))
  const shop = topology(options).filter(({ stage }) => stage === 'shop')
  expect(shop.map(({ name }) => name)).toEqual(['api', 'inventory', 'payment-1', 'payment-2', 'pricing'])
  expect(shop.every(({ args }) => args.includes('./services/kit/telemetry/register.ts'))).toBe(true)
  expect(shop.find(({ name }) => name === 'payment-2')?.env.OTEL_RESOURCE_ATTRIBUTES).toBe(
    'service.version=1.2.3,service.namespace=shop,service.instance.id=payment-2',
  )
})

test('only services hear of telemetry, and each gets its own role', () => {
  const instrumented = topology(options).filter(({ args }) => args.includes('--import'))
  expect(instrumented.map(({ env }) => new URL(env.DATABASE_URL ?? '').username)).toEqual(
    instrumented.map(({ name }) => name.replace(/-\d$/, '')),
  )
})

test('without traffic there is no baseline', () => {
  expect(topology({ ...options, traffic: false }).map(({ name }) => name)).not.toContain('baseline')
})

test('one service, and one instance of it, is watched while it is worked on', () => {
  const watched = topology({ ...options, dev: 'payment' }).filter(({ args }) => args.includes('--watch'))
  expect(watched.map(({ name }) => name)).toEqual(['payment-1'])
})

test('shop and bank share the machine: none lets its heap grow to what V8 would take of 24 GiB', () => {
  const atWork = topology(options).filter(({ name, stage }) => stage === 'shop' || name === 'world')
  for (const { args } of atWork) expect(args).toContain('--max-old-space-size=256')
})

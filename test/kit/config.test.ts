// Configuration is refused with every problem at once, in words that lead to the fix.
import { expect, test } from 'vitest'
import { z } from 'zod'
import { WorldConfig } from '../../infra/world/config.ts'
import { ApiConfig } from '../../services/api/config.ts'
import { InventoryConfig } from '../../services/inventory/config.ts'
import { ConfigError, loadConfig, portBase, portOf } from '../../services/kit/config.ts'
import { PaymentConfig } from '../../services/payment/config.ts'
import { PricingConfig } from '../../services/pricing/config.ts'

const service = { PORT: '8080', DATABASE_URL: 'postgres://api:api@127.0.0.1:5442/shop', FLAGS_FILE: 'flags.json' }
const peers = { INVENTORY_URLS: 'http://127.0.0.1:8081', PAYMENT_URLS: 'http://127.0.0.1:8082, http://127.0.0.1:8092' }
const api = { ...service, ...peers }

test('takes what is complete, with defaults for a laptop and lists taken apart', () => {
  expect(loadConfig(ApiConfig, api)).toMatchObject({
    HOST: '127.0.0.1',
    PORT: 8080,
    DATABASE_POOL_MAX: 10,
    CHECKOUT_DEADLINE_MS: 5_000,
    CHECKOUTS_UNDER_WAY_MAX: 128,
    PAYMENT_URLS: ['http://127.0.0.1:8082', 'http://127.0.0.1:8092'],
  })
})

test('lists all problems, each with name, value and expectation', () => {
  const problems = problemsOf(ApiConfig, {
    ...api,
    PORT: '99999',
    DATABASE_URL: 'mysql://x',
    INVENTORY_URLS: 'here,there',
  })

  expect(problems[0]).toMatch(/^The configuration has \d problem\(s\):$/)
  expect(problems).toContainEqual(expect.stringMatching(/^ {2}PORT is "99999": .*<=65535$/))
  expect(problems).toContainEqual(expect.stringMatching(/^ {2}DATABASE_URL is "mysql:\/\/x": /))
  expect(problems.join('\n')).toContain('INVENTORY_URLS')
  expect(problems.join('\n')).toContain('expected a comma-separated list of http(s) URLs')
})

test.for([
  ['api', ApiConfig, ['PORT', 'DATABASE_URL', 'FLAGS_FILE', 'INVENTORY_URLS', 'PAYMENT_URLS']],
  ['inventory', InventoryConfig, ['PORT', 'DATABASE_URL', 'FLAGS_FILE', 'PRICING_URLS', 'ERP_URL']],
  ['payment', PaymentConfig, ['PORT', 'DATABASE_URL', 'FLAGS_FILE', 'BANK_URL', 'OTEL_RESOURCE_ATTRIBUTES']],
  ['pricing', PricingConfig, ['PORT', 'DATABASE_URL', 'FLAGS_FILE', 'ERP_URL']],
  ['world', WorldConfig, ['BANK_PORT', 'LINK_PORT', 'ERP_PORT', 'INVENTORY_URL', 'FLAGS_FILE', 'LEDGER_FILE']],
] as const)('says of %s with nothing set what is needed', ([, schema, names]) => {
  const [, ...problems] = problemsOf(schema, {})

  expect(problems.map((line) => line.trim().split(' is not set: ')[0])).toEqual(expect.arrayContaining([...names]))
  expect(problems).toHaveLength(names.length)
})

test('an empty variable is one that is not set', () => {
  expect(problemsOf(ApiConfig, { ...api, PORT: '' })[1]).toMatch(/^ {2}PORT is not set: /)
  expect(loadConfig(ApiConfig, { ...api, DATABASE_POOL_MAX: '' }).DATABASE_POOL_MAX).toBe(10)
})

test.for(['abc', '-1', '1.5', '70000', 'NaN'])('refuses the port %s', (port) => {
  expect(problemsOf(ApiConfig, { ...api, PORT: port })[1]).toContain(`PORT is ${JSON.stringify(port)}: `)
})

test.for(['127.0.0.1', 'localhost', '::1'])('needs no session secret on %s', (host) => {
  expect(loadConfig(ApiConfig, { ...api, HOST: host }).SESSION_SECRET).toHaveLength(21)
})

test.for(['0.0.0.0', '::', '10.0.0.1', 'shop.example'])('refuses the default session secret on %s', (host) => {
  const known = { ...api, HOST: host, SESSION_SECRET: 'only-for-this-machine' }
  const expected = 'expected a secret of your own, since HOST is not this machine alone'

  expect(problemsOf(ApiConfig, { ...api, HOST: host })).toContain(`  SESSION_SECRET is not set: ${expected}`)
  expect(problemsOf(ApiConfig, known)[1]).toContain(expected)
  expect(loadConfig(ApiConfig, { ...known, SESSION_SECRET: 'a secret of our own' }).HOST).toBe(host)
})

test('refuses a short session secret', () => {
  expect(problemsOf(ApiConfig, { ...api, SESSION_SECRET: 'short' })[1]).toContain(
    'SESSION_SECRET has a value that is not shown here: ',
  )
})

test('adds PORT_BASE to every port', () => {
  expect([portOf('api', 0), portOf('api', 100), portOf('postgres', 100)]).toEqual([8080, 8180, 5542])
  expect(() => loadConfig(z.object({ PORT_BASE: portBase }), { PORT_BASE: '-1' })).toThrow('PORT_BASE is "-1": ')
})

/** The lines of the refusal. */
function problemsOf(schema: z.ZodType, env: Record<string, string>): string[] {
  try {
    loadConfig(schema, env)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as Error).message.split('\n')
  }
  throw new Error('The configuration was taken.')
}

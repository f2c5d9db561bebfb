// Malformed requests, generated from data: every route of the shop meets every way of being wrong, and answers each with a
// sentence that says what it was.
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { ServiceName } from '../../services/kit/telemetry/names.ts'
import { cartOf, createClient, shareShop } from '../helpers/shop.ts'

type Malformed = {
  service: ServiceName
  method: string
  path: string
  /** How the test calls what is wrong. */
  wrong: string
  text?: string
  headers?: Record<string, string>
  /** What the sentence must mention. */
  names: string
}

const theShop = shareShop()
const uuid = randomUUID()
const line = { sku: 'enamel-mug', quantity: 1 }
const key = { 'idempotency-key': 'k' }
/** Stands for a real token, which is only known at run time. */
const signedIn = { authorization: 'signed in' }

const writes = [
  { service: 'api', path: '/api/session', body: { userId: 'u002' }, headers: {} },
  { service: 'api', path: '/api/carts', body: { lines: [line] }, headers: signedIn },
  { service: 'api', path: '/api/checkout', body: { cartId: uuid }, headers: { ...signedIn, ...key } },
  { service: 'inventory', path: '/reservations', body: { orderId: uuid, lines: [line], tier: 'gold' }, headers: {} },
  { service: 'inventory', path: '/quotes', body: { lines: [line], tier: 'gold' }, headers: {} },
  { service: 'payment', path: '/authorisations', body: { orderId: uuid, userId: 'u002', amountCents: 1 }, headers: {} },
  { service: 'pricing', path: '/quotes', body: { lines: [line], tier: 'gold' }, headers: {} },
] as const satisfies { service: ServiceName; path: string; body: Record<string, unknown>; headers: object }[]
type Write = (typeof writes)[number]

const notObjects = { null: 'null', 'a text': '"text"', 'a number': '42', true: 'true', 'an empty body': '' }
const notJson = { 'half an object': '{"a":', 'a trailing comma': '{"a":1,}', 'a NUL byte': '\0', 'no JSON': '<a/>' }
const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`

/** Values that no field of the shop takes. */
const wrongValues = {
  null: null,
  true: true,
  'an object': { a: 1 },
  'an empty text': '',
  'a NUL byte': 'u002\0',
  'half a surrogate pair': '\ud800',
  emoji: '🫖',
  'an SQL fragment': "x'; DROP TABLE api.orders; --",
  'a very long text': 'x'.repeat(10_000),
  'a negative number': -1,
  'a fraction': 1.5,
  'a huge number': 1e21,
}

const wrongLines: Record<string, [lines: unknown, names: string]> = {
  'no line': [[], 'body.lines'],
  '101 lines': [Array.from({ length: 101 }, (_, i) => ({ sku: `s${i}`, quantity: 1 })), 'body.lines'],
  'a product twice': [[line, line], 'every sku at most once'],
  'a line that is null': [[null], 'body.lines.0'],
  'a line that is a list': [[[line]], 'body.lines.0'],
  'a line that is a text': [[line, 'enamel-mug'], 'body.lines.1'],
  'a line without sku': [[{ quantity: 1 }], 'body.lines.0.sku'],
  'a line without quantity': [[{ sku: 'enamel-mug' }], 'body.lines.0.quantity'],
  'a line with a price': [[{ ...line, priceCents: 1 }], 'priceCents'],
  'quantity 0': [[{ ...line, quantity: 0 }], 'body.lines.0.quantity'],
  'quantity -1': [[{ ...line, quantity: -1 }], 'body.lines.0.quantity'],
  'quantity 1.5': [[{ ...line, quantity: 1.5 }], 'body.lines.0.quantity'],
  'quantity 10001': [[{ ...line, quantity: 10_001 }], 'body.lines.0.quantity'],
  'quantity 1e21': [[{ ...line, quantity: 1e21 }], 'body.lines.0.quantity'],
  'quantity as text': [[{ ...line, quantity: '1' }], 'body.lines.0.quantity'],
  'quantity null': [[{ ...line, quantity: null }], 'body.lines.0.quantity'],
  'sku with a NUL byte': [[{ ...line, sku: 'mug\0' }], 'body.lines.0.sku'],
  'sku with half a surrogate pair': [[{ ...line, sku: 'mug\udfff' }], 'body.lines.0.sku'],
  'sku as number': [[{ ...line, sku: 7 }], 'body.lines.0.sku'],
  'sku of 61 letters': [[{ ...line, sku: 'x'.repeat(61) }], 'body.lines.0.sku'],
  'an empty sku': [[{ ...line, sku: '' }], 'body.lines.0.sku'],
}

function wrongBodies({ service, path, body, headers }: Write): Malformed[] {
  const at = { service, method: 'POST', path, headers }
  const raw = (wrong: string, text: string, names: string): Malformed => ({ ...at, wrong, text, names })
  const json = (wrong: string, value: unknown, names: string) => raw(wrong, JSON.stringify(value), names)
  const inner = JSON.stringify(body).slice(1)
  return [
    ...Object.entries(notObjects).map(([wrong, text]) => raw(wrong, text, '')),
    ...Object.entries(notJson).map(([wrong, text]) => raw(wrong, text, 'well-formed JSON')),
    json('a list', [body], 'expected object'),
    json('nothing in it', {}, `body.${Object.keys(body)[0]} is missing`),
    raw('a list 20,000 deep', deep, ''),
    raw('a field 20,000 deep', `{"extra":${deep},${inner}`, 'extra'),
    json('a field nobody asked for', { ...body, isAdmin: true }, 'isAdmin'),
    raw('__proto__', `{"__proto__":{"isAdmin":true},${inner}`, ''),
    raw('constructor.prototype', `{"constructor":{"prototype":{"isAdmin":true}},${inner}`, ''),
    ...Object.keys(body).flatMap((field) => [
      json(`no ${field}`, { ...body, [field]: undefined }, `body.${field} is missing`),
      ...Object.entries(wrongValues).map(([wrong, value]) =>
        json(`${wrong} as ${field}`, { ...body, [field]: value }, `body.${field} is`),
      ),
    ]),
    ...('lines' in body
      ? Object.entries(wrongLines).map(([wrong, [lines, names]]) => json(wrong, { ...body, lines }, names))
      : []),
  ]
}

const wrongIds = ['x', '1', 'null', '%00', '%E0%A4%A', '__proto__', `${uuid}x`, '%F0%9F%AB%96', "';--", 'x'.repeat(150)]

const wrongPaths: Malformed[] = [
  { service: 'api', method: 'GET', path: '/api/orders/', headers: signedIn },
  { service: 'inventory', method: 'DELETE', path: '/reservations/', headers: {} },
  { service: 'payment', method: 'DELETE', path: '/authorisations/', headers: {} },
].flatMap((at) =>
  wrongIds.map((id) => {
    const names = id === '%E0%A4%A' ? 'valid URL' : 'path.orderId is'
    return { ...at, service: at.service as ServiceName, path: at.path + id, wrong: `the id ${id.slice(0, 20)}`, names }
  }),
)

const wrongCustomers: Malformed[] = ['%00', '%E0%A4%A', '%20', 'x'.repeat(41), '%F0%9F%AB%96', 'a.b', '%27'].map(
  (id) => ({
    service: 'payment',
    method: 'GET',
    path: `/eligibility/${id}`,
    wrong: `the customer ${id.slice(0, 20)}`,
    names: id === '%E0%A4%A' ? 'valid URL' : 'path.userId is',
  }),
)

const tooLong: Malformed[] = [
  { service: 'inventory', method: 'DELETE', path: `/reservations/${'x'.repeat(300)}`, names: 'too long' },
  { service: 'payment', method: 'GET', path: `/eligibility/${'x'.repeat(300)}`, names: 'too long' },
  {
    service: 'api',
    method: 'GET',
    path: `/api/orders/${'x'.repeat(300)}`,
    headers: signedIn,
    names: 'path.orderId is',
  },
].map((at) => ({ ...at, service: at.service as ServiceName, wrong: 'an id of 300 letters' }))

const wrongQueries: Malformed[] = [
  '',
  '?cart=',
  '?cart=1',
  '?cart=null',
  '?cart=%00',
  '?cart=%E0%A4%A',
  '?cart[]=1',
  '?Cart=1',
  `?cart=${uuid}x`,
  `?cart=${uuid}&cart=${uuid}`,
].map((query) => ({
  service: 'api',
  method: 'GET',
  path: `/api/checkout${query}`,
  headers: signedIn,
  wrong: `the query ${query.slice(0, 20)}`,
  names: 'query.cart is',
}))

const wrongKeys: Malformed[] = [undefined, '', ' ', 'a b', 'a/b', '"k"', 'k,k', 'ü', 'k'.repeat(81)].map((given) => ({
  service: 'api',
  method: 'POST',
  path: '/api/checkout',
  text: JSON.stringify({ cartId: uuid }),
  headers: { ...signedIn, ...(given === undefined ? {} : { 'idempotency-key': given }) },
  wrong: given === undefined ? 'no Idempotency-Key' : `the Idempotency-Key ${JSON.stringify(given.slice(0, 20))}`,
  names: 'header idempotency-key is',
}))

const badTokens = [
  '',
  'Bearer',
  'Bearer ',
  'Bearer x',
  'Bearer a.b.c',
  'bearer x',
  'Basic dTAwMjp4',
  'Bearer null',
  `Bearer ${'x'.repeat(5000)}`,
]

const wrongTokens: Malformed[] = [
  { method: 'POST', path: '/api/carts', text: JSON.stringify({ lines: [line] }) },
  { method: 'GET', path: `/api/checkout?cart=${uuid}` },
  { method: 'POST', path: '/api/checkout', text: JSON.stringify({ cartId: uuid }) },
  { method: 'GET', path: `/api/orders/${uuid}` },
].flatMap((at) =>
  badTokens.map((authorization) => ({
    ...at,
    service: 'api' as const,
    headers: { authorization, ...key },
    wrong: `the token ${JSON.stringify(authorization.slice(0, 20))}`,
    names: '',
  })),
)

const all = [
  ...writes.flatMap(wrongBodies),
  ...wrongPaths,
  ...wrongCustomers,
  ...tooLong,
  ...wrongQueries,
  ...wrongKeys,
  ...wrongTokens,
]
const groups = [
  ...Map.groupBy(all, ({ service, method, path }) => `${service} ${method} ${path.split(/[?%']|x{9}/)[0]}`),
]

test('there are well over 200 malformed requests', () => {
  expect(all.length).toBeGreaterThan(400)
})

describe.for(groups)('%s', ([, requests]) => {
  test.for(requests.map((request) => [request.wrong, request] as const))('refuses %s', async ([, request]) => {
    const { status, headers, body } = await sent(request)

    expect(status, JSON.stringify(body)).toBeGreaterThanOrEqual(400)
    expect(status, JSON.stringify(body)).toBeLessThan(500)
    expect(Object.keys(body)).toEqual(['code', 'message', 'traceId'])
    expect(headers.get('content-type')).toMatch(/^application\/json/)
    expect(body.message).toContain(request.names)
    expect(String(body.message).length).toBeGreaterThan(10)
  })
})

test('none of them left anything behind, and a normal checkout works', async () => {
  const shop = theShop()
  const counts = `SELECT (SELECT count(*) FROM api.orders)::int AS orders, (SELECT count(*) FROM api.carts)::int AS carts,
    (SELECT count(*) FROM inventory.reservations)::int AS reservations,
    (SELECT count(*) FROM payment.authorisations)::int AS authorisations`
  expect(await shop.query(counts)).toEqual([{ orders: 0, carts: 0, reservations: 0, authorisations: 0 }])
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()

  expect((await shop.checkout(cartOf('enamel-mug'))).status).toBe(201)
  expect(await shop.audit()).toMatchObject({ placed: 1, violations: [] })
})

async function sent({ service, method, path, text, headers }: Malformed) {
  const shop = theShop()
  const own = headers?.authorization === signedIn.authorization ? await shop.as('u002') : {}
  return createClient(shop.urls[service]).send(method, path, text, { ...headers, ...own })
}

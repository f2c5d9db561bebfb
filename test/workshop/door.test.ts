// Who gets in: anybody on this machine, and from elsewhere only whoever has the token.
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { loadConfig } from '../../services/kit/config.ts'
import { fastifyApp } from '../../services/kit/http/fastify.ts'
import { doorsOf, WorkshopConfig } from '../../services/workshop/config.ts'
import { serve } from '../../services/workshop/serve.ts'
import { startWorkshop } from '../helpers/workshop.ts'

const token = 'only-for-the-workshop'

async function behindDoor() {
  const app = await fastifyApp(pino({ level: 'silent' }), (routes) => {
    routes.get('/healthz', async () => ({ status: 'ok' }))
    routes.get('/', async () => 'the console')
  })
  const served = await serve(app, { host: '127.0.0.1', port: 0, token })
  onTestFinished(() => served[Symbol.asyncDispose]())
  return (path: string, init: RequestInit = {}) => fetch(served.url + path, { redirect: 'manual', ...init })
}

test('health checks need no token, everything else does, and a program is told how to send it', async () => {
  const ask = await behindDoor()
  expect((await ask('/healthz')).status).toBe(200)
  const refused = await ask('/')
  expect({ status: refused.status, body: await refused.json() }).toEqual({
    status: 401,
    body: { code: 'token_needed', message: expect.stringMatching(/Authorization: Bearer/), traceId: null },
  })
  for (const given of ['wrong', `${token}x`, '', 'é']) {
    const headers = { authorization: `Bearer ${encodeURIComponent(given)}` }
    expect((await ask('/', { headers })).status, given).toBe(401)
  }
  expect((await ask('/', { headers: { authorization: `Bearer ${token}` } })).status).toBe(200)
})

test('a browser is asked once, and remembers it in a cookie that scripts do not see', async () => {
  const ask = await behindDoor()
  const page = await ask('/', { headers: { accept: 'text/html' } })
  expect({ status: page.status, text: await page.text() }).toEqual({
    status: 401,
    text: expect.stringMatching(/<form method="post" action="\/token">/),
  })
  const send = (given: string) =>
    ask('/token', { method: 'POST', body: new URLSearchParams({ token: given }), headers: { accept: 'text/html' } })
  expect(await (await send('a guess')).text()).toContain('That is not the token.')
  const taken = await send(token)
  const cookie = taken.headers.get('set-cookie') ?? ''
  expect({ status: taken.status, location: taken.headers.get('location') }).toEqual({ status: 303, location: '/' })
  expect(cookie).toMatch(/HttpOnly; SameSite=Strict/)
  expect((await ask('/', { headers: { cookie: cookie.split(';')[0] as string } })).status).toBe(200)
  for (const guess of ['a-guess', '%', '%E0%A4%A'])
    expect((await ask('/', { headers: { cookie: `workshop=${guess}` } })).status, guess).toBe(401)
  expect((await ask('/healthz')).status).toBe(200)
})

test('a workshop on this machine alone asks nobody', async () => {
  const { call } = await startWorkshop()
  expect((await call('GET', '/api/flags')).status).toBe(200)
})

const doorsWith = (env: Record<string, string>) =>
  doorsOf(loadConfig(WorkshopConfig, { FLAGS_FILE: 'flags.json', PORT: '8088', ...env }))

test('the token is asked for exactly where other machines get in, and must be there', () => {
  expect(doorsWith({})).toEqual([{ port: 8088 }])
  expect(doorsWith({ WORKSHOP_TOKEN: token })).toEqual([{ port: 8088 }])
  expect(doorsWith({ HOST: '0.0.0.0', WORKSHOP_TOKEN: token })).toEqual([{ port: 8088, token }])
  const contained = { HOST: '0.0.0.0', PUBLISHED_PORT: '8089' }
  expect(doorsWith(contained)).toEqual([{ port: 8088 }, { port: 8089 }])
  const published = { ...contained, BIND_ADDRESS: '0.0.0.0', WORKSHOP_TOKEN: token }
  expect(doorsWith(published)).toEqual([{ port: 8088 }, { port: 8089, token }])
  for (const env of [
    { HOST: '0.0.0.0' },
    { ...contained, BIND_ADDRESS: '192.168.1.5' },
    { HOST: '::', WORKSHOP_TOKEN: 'short' },
  ])
    expect(() => doorsWith(env)).toThrow(/WORKSHOP_TOKEN .*: expected (a token of )?at least 16 characters/)
})

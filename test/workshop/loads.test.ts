// Load runs over HTTP: outcomes in, a report out, the baseline quiet, and incidents that come and go with the run.
import { expect, test } from 'vitest'
import { adapted } from '../../loadtest/adapted.ts'
import { play } from '../../loadtest/driver.ts'
import { type Lesson, lessons, partAt } from '../../loadtest/lessons.ts'
import { plan, planHash } from '../../loadtest/plan.ts'
import { type Played, type RunReport, runReport } from '../../loadtest/run-report.ts'
import { eventually } from '../helpers/eventually.ts'
import { startFakeShop } from '../helpers/fake-shop.ts'
import { startStuckService, startWorkshop, type WorkshopOptions } from '../helpers/workshop.ts'

const hash = '0123456789abcd'
const asked = (lesson: string, more: object = {}) => ({ lesson, player: 'node', seed: 1, planHash: hash, ...more })
const outcome = (more: object = {}) => ({
  ...{ iteration: 0, dueEpochMs: Date.now(), latencyMs: 80, startLagMs: 1, requestMs: 79, status: 201 },
  ...more,
})

async function startLoads(options: WorkshopOptions = {}) {
  const workshop = await startWorkshop(options)
  const { call, url, client } = workshop
  const settings = async () => (await client.flags()).flags.flatMap(({ setting }) => setting ?? [])
  return {
    ...workshop,
    start: async (lesson: string, more: object = {}) => {
      const { status, body } = await call('POST', '/api/loads', asked(lesson, more))
      expect(body).toMatchObject({ run: expect.stringMatching(/^[0-9a-f]{8}$/) })
      expect(status).toBe(201)
      return String(body.run)
    },
    tell: (run: string, outcomes: object[]) => call('POST', `/api/loads/${run}/outcomes`, outcomes),
    end: (run: string, how: object = {}) => call('POST', `/api/loads/${run}/end`, how),
    report: async (run: string) => (await call('GET', `/api/loads/${run}`)).body as unknown as RunReport,
    read: async (path: string) => {
      const response = await fetch(url + path)
      return { type: response.headers.get('content-type'), text: await response.text(), headers: response.headers }
    },
    armed: async () => (await settings()).length,
  }
}

test('the report of what was posted is the one that the player would make of it itself', async () => {
  const shop = await startFakeShop({ checkoutMs: 20 })
  const { start, tell, end, report, read } = await startLoads()
  const asFast = { rate: 2, minutes: 0.05 }
  const lesson = adapted(lessons.find(({ id }) => id === '03-ramp') as Lesson, asFast)
  const arrivals = plan(lesson.profile, 3)
  const run = await start('03-ramp', { seed: 3, ...asFast, planHash: planHash(arrivals) })
  const played: Played[] = []
  for await (const outcome of play(arrivals, shop.url, new AbortController().signal, { run, aheadMs: 200 })) {
    const part = partAt(lesson, outcome.arrival.atMs)
    const { arrival, ...sent } = outcome
    played.push({ ...(part && { part }), outcome })
    await tell(run, [{ iteration: arrival.iteration, ...(part && { part }), ...sent }])
  }
  expect(await report(run)).toMatchObject({ isPartial: true, notes: ['It is still going on.'] })
  const { body } = await end(run)

  const told = await report(run)
  const { startedAtMs } = told
  const facts = { run, player: 'node', seed: 3, planHash: planHash(arrivals), planned: arrivals.length } as const
  const own = runReport(lesson, { ...facts, startedAtMs, isPartial: false, notes: [] }, played)
  expect(own.whole.count).toBe(arrivals.length)
  expect(told).toEqual(JSON.parse(JSON.stringify(own)))
  expect(body).toMatchObject({ isHeld: own.limits.every(({ isHeld }) => isHeld), page: `/loads/${run}` })
  const text = await read(`/api/loads/${run}/text`)
  expect(text).toMatchObject({ type: 'text/plain; charset=utf-8', text: `${body.text}\n` })
  expect(text.text).toContain('http://viewer/trace/')
})

test('the page is shown while it goes on and afterwards, and may load nothing', async () => {
  const { start, tell, end, read } = await startLoads()
  const run = await start('02-steady')
  await tell(run, [outcome({ traceId: 'a'.repeat(32), latencyMs: 1234, isUnprepared: true })])
  const going = await read(`/loads/${run}`)
  expect(going.type).toBe('text/html; charset=utf-8')
  expect(going.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(going.text).toContain('http-equiv="refresh"')
  expect(going.text).toContain(`href="http://viewer/trace/${'a'.repeat(32)}"`)
  await end(run, { isPartial: true })
  const over = await read(`/loads/${run}`)
  expect(over.text).not.toContain('http-equiv')
  expect(over.text).toContain('It was ended before its plan was.')
  expect(over.text).toContain('1.23 s')
  expect(over.text).toContain('One cart was not ready in time: the shop was slow with it.')
})

test('the baseline is quiet for as long as a run goes on, and nobody else lifts that', async () => {
  const { start, end, client } = await startLoads()
  const run = await start('01-smoke')
  expect(await client.traffic()).toMatchObject({ paused: true, reason: 'lesson 01-smoke is being played' })
  await expect(client.setTraffic({ paused: false })).rejects.toThrow('The shop is taken (lesson 01-smoke')
  await expect(client.start('hot-product', 1)).rejects.toThrow('The shop is taken (lesson 01-smoke')
  await end(run)
  expect(await client.traffic()).toEqual({ paused: false })
})

test('one run at a time, and none beside a proof, a scenario or somebody who tries something', async () => {
  const shop = await startFakeShop()
  const { call, start, end, client, armed } = await startLoads({ target: shop.url, loadSeconds: 10 })
  const refused = async (lesson: string) => {
    const { status, body } = await call('POST', '/api/loads', asked(lesson))
    expect(status).toBe(409)
    return body.message
  }
  const run = await start('01-smoke')
  expect(await refused('02-steady')).toBe('The shop is taken (lesson 01-smoke is being played): try again later.')
  await end(run)

  await client.setTraffic({ paused: true, reason: 'a proof is running' })
  expect(await refused('02-steady')).toBe('The shop is taken (a proof is running): try again later.')
  await client.setTraffic({ paused: false })

  await client.start('hot-product', 1)
  expect(await refused('02-steady')).toBe('Scenario hot-product is running: reset it first.')
  await client.reset()

  await client.set('api-edge', { variant: 'delay-1s', share: 0.1 })
  expect(await refused('09-to-the-trace')).toBe('Somebody set api-edge: make everything calm first.')
  expect(await client.traffic()).toEqual({ paused: false })
  expect(await armed()).toBe(1)
  await end(await start('02-steady'))
  expect(await armed()).toBe(1)
})

test('what a lesson ships from the beginning is there before the first arrival, with an end of its own, and gone at the end', async () => {
  const { start, end, armed, client, report } = await startLoads()
  const run = await start('09-to-the-trace')
  const { flags } = await client.flags()
  const [setting] = flags.flatMap(({ setting }) => setting ?? [])
  expect(setting).toMatchObject({ until: expect.any(String) })
  expect((await report(run)).incident).toEqual({ armedAtMs: expect.any(Number) })
  await end(run)
  expect(await armed()).toBe(0)
  expect((await report(run)).incident).toEqual({ armedAtMs: expect.any(Number), resetAtMs: expect.any(Number) })
})

test('what a lesson ships in the middle comes and goes at its moments after the first arrival', async () => {
  const { start, end, armed, tell, report } = await startLoads()
  // 3 s: before until 0.75, shipped until 2.
  const run = await start('10-under-a-scenario', { minutes: 0.05 })
  const firstDueAtMs = Date.now()
  await tell(run, [outcome({ iteration: 10, dueEpochMs: firstDueAtMs + 500, part: 'before' })])
  expect(await armed()).toBe(0)
  await eventually('it is armed', async () => expect(await armed()).toBe(1))
  await eventually('it is reset', async () => expect(await armed()).toBe(0))
  await end(run)
  const { incident } = await report(run)
  expect((incident?.armedAtMs ?? 0) - firstDueAtMs).toBeGreaterThanOrEqual(745)
  expect((incident?.resetAtMs ?? 0) - firstDueAtMs).toBeGreaterThanOrEqual(1995)
})

test('a reset by somebody calls off what was still to come, and the run goes on', async () => {
  const { start, end, armed, tell, client, report } = await startLoads()
  const run = await start('10-under-a-scenario', { minutes: 0.05 })
  await tell(run, [outcome({ part: 'before' })])
  await client.reset()
  await new Promise((resolve) => setTimeout(resolve, 1200))
  expect(await armed()).toBe(0)
  expect((await tell(run, [outcome({ part: 'during' })])).status).toBe(200)
  await end(run)
  expect((await report(run)).incident).toBeUndefined()
})

test('a player of whom nothing is heard any more loses its run: all is calm, the baseline comes back, the report stays', async () => {
  const { start, tell, end, armed, client, report } = await startLoads({ silentAfterMs: 400 })
  const run = await start('09-to-the-trace')
  await tell(run, [outcome()])
  expect(await armed()).toBe(1)
  await eventually('it is calm', async () => expect(await armed()).toBe(0))
  await eventually('the baseline comes back', async () => expect(await client.traffic()).toEqual({ paused: false }))
  expect(await report(run)).toMatchObject({
    isPartial: true,
    whole: { count: 1 },
    notes: ['Nothing was heard of its player for 0 s, so the run was closed.'],
  })
  expect(await tell(run, [outcome()])).toMatchObject({ status: 409, body: { code: 'load_is_over' } })
  expect((await end(run)).status).toBe(200)
  await end(await start('01-smoke'))
})

test('a run whose incident not every service has read is not begun, and leaves nothing behind', async () => {
  const { call, client, armed } = await startLoads({ instances: [await startStuckService('payment-2')] })
  expect(await call('POST', '/api/loads', asked('09-to-the-trace'))).toMatchObject({
    status: 503,
    body: { code: 'not_armed', message: 'Not armed: payment-2: it has revision old.' },
  })
  expect(await armed()).toBe(0)
  expect(await client.traffic()).toEqual({ paused: false })
  expect((await call('GET', '/api/loads')).body).toEqual({ loads: [] })
})

test('k6 says what it did not begin, and that breaks the run', async () => {
  const { start, tell, end, report } = await startLoads()
  const run = await start('01-smoke', { player: 'k6' })
  await tell(
    run,
    Array.from({ length: 8 }, (_, iteration) => outcome({ iteration })),
  )
  const { body } = await end(run, { dropped: 2, isPartial: false })
  expect(body).toMatchObject({ isHeld: false })
  expect(await report(run)).toMatchObject({ dropped: 2, isPartial: false, player: 'k6' })
  expect(body.text).toContain('✗ nobody is left out: 2 of 10 were')
})

test('a run that is cut by a limit says so', async () => {
  const { start, tell, end, report } = await startLoads()
  const run = await start('05-knee')
  const slow = (iteration: number) => outcome({ iteration, part: '15/s', latencyMs: 900 })
  await tell(
    run,
    Array.from({ length: 20 }, (_, iteration) => slow(iteration)),
  )
  await end(run, { isPartial: true })
  expect(await report(run)).toMatchObject({ notes: ['A limit was broken, and that ends this lesson.'] })
})

test('the last ten runs are kept, the newest first', async () => {
  const { call, start, end } = await startLoads()
  const runs: string[] = []
  for (let i = 0; i < 11; i++) {
    const run = await start('01-smoke')
    await end(run, { isPartial: true })
    runs.push(run)
  }
  const { loads } = (await call('GET', '/api/loads')).body as { loads: { run: string; state: string }[] }
  expect(loads.map(({ run }) => run)).toEqual(runs.slice(1).reverse())
  expect(loads[0]).toMatchObject({ lesson: '01-smoke', player: 'node', planned: 10, count: 0, state: 'over' })
  expect((await call('GET', `/api/loads/${runs[0]}`)).status).toBe(404)
})

test.each([
  ['POST', '/api/loads', asked('02-stedy'), 404, /^There is no lesson "02-stedy"\. Lessons are: 02-steady/],
  [
    'POST',
    '/api/loads',
    asked('06-soak', { minutes: 1440 }),
    400,
    /^That would be 1036800 checkouts: expected at most/,
  ],
  ['POST', '/api/loads', asked('02-steady', { rate: 0 }), 400, /^body\.rate is 0/],
  ['POST', '/api/loads', asked('02-steady', { player: 'ab' }), 400, /^body\.player is "ab": expected k6 or node$/],
  ['POST', '/api/loads', asked('02-steady', { planHash: 'x' }), 400, /^body\.planHash is "x": expected 14 hexadecimal/],
  ['GET', '/api/loads/nothing', undefined, 404, /^There is no load run "nothing"\. There are none yet\.$/],
  ['GET', '/loads/nothing', undefined, 404, /^There is no load run "nothing"/],
  ['POST', '/api/loads/nothing/end', {}, 404, /^There is no load run "nothing"/],
  ['POST', '/api/loads/nothing/end', { dropped: -1 }, 400, /^body\.dropped is -1/],
])('%s %s with %j is refused with a sentence', async (method, path, body, status, says) => {
  const { call } = await startLoads()
  const answer = await call(method, path, body)
  expect(answer.body).toEqual({ code: expect.any(String), message: expect.stringMatching(says), traceId: null })
  expect(answer.status).toBe(status)
})

test.each([
  [{}, /^body is \{\}: expected a list of outcomes$/],
  [[], /^body is \[\]: expected at least one outcome$/],
  [[outcome({ latencyMs: 'long' })], /^body\.0\.latencyMs is "long": expected a number of milliseconds$/],
  [[outcome(), outcome({ status: 1000 })], /^body\.1\.status is 1000/],
  [[outcome({ traceId: 'x' })], /^body\.0\.traceId is "x": expected 32 hexadecimal digits$/],
  [[outcome({ arrival: {} })], /arrival/],
  [[outcome({ part: 'half' })], /^body\.0\.part is "half": expected one of first half, second half$/],
  [Array.from({ length: 201 }, () => outcome({ iteration: 1 })), /expected at most 200 outcomes at once$/],
])('outcomes are refused with a sentence, and none of them counts', async (outcomes, says) => {
  const { call, start } = await startLoads()
  const run = await start('03-ramp')
  const answer = await call('POST', `/api/loads/${run}/outcomes`, outcomes)
  expect(answer).toMatchObject({ status: 400, body: { message: expect.stringMatching(says) } })
  expect((await call('GET', '/api/loads')).body).toMatchObject({ loads: [{ count: 0 }] })
})

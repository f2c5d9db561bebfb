// A drill from the page to the reveal, over HTTP and in the terminal, with what players get wrong.
import { readFile, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { loadConfig } from '../../services/kit/config.ts'
import { runProgram } from '../../services/workshop/cli/program.ts'
import { CliConfig } from '../../services/workshop/config.ts'
import type { DrillReveal, DrillState } from '../../services/workshop/contract.ts'
import { scenarioNamed } from '../../services/workshop/scenarios/index.ts'
import type { Telemetry } from '../../services/workshop/telemetry.ts'
import { eventually } from '../helpers/eventually.ts'
import { startFakeShop } from '../helpers/fake-shop.ts'
import { telemetryOf } from '../helpers/telemetry.ts'
import { logLine, traceIdOf } from '../helpers/traces.ts'
import { slowBank, windowWith } from '../helpers/why-windows.ts'
import { startWorkshop } from '../helpers/workshop.ts'

const anatomy = scenarioNamed('anatomy')
const slowOne = traceIdOf(1_001)
/** Draws `anatomy`, the one of level 0 that is no control. */
const level0 = { level: 0, seed: 3, player: 'ada' }

const drillOptions = { settleSeconds: 0, watchSeconds: 0.1, lookEveryMs: 20 }

async function workshopWithDrill(count?: Telemetry['count']) {
  const shop = await startFakeShop()
  const search = async () =>
    Array.from({ length: 200 }, (_, i) => ({ durationMs: i < 12 ? 900 : 70 }) as { durationMs: number })
  const late = (traceId: string) => [logLine(0, 'answer of the bank came late', { service: 'payment', traceId })]
  const telemetry = telemetryOf(windowWith(slowBank, { logs: late }))
  if (count !== undefined) telemetry.count = count
  const workshop = await startWorkshop({ target: shop.url, search, telemetry, loadSeconds: 5, drillOptions })
  return { ...workshop, shop }
}

async function pagedDrill(count?: Telemetry['count']) {
  const workshop = await workshopWithDrill(count)
  expect((await workshop.call('POST', '/api/drills', level0)).status).toBe(202)
  await eventually('somebody is paged', async () => {
    const { body } = await workshop.call('GET', '/api/drills/current')
    expect(body.current).toMatchObject({ state: 'paged' })
  })
  return workshop
}

const rightFix = (fixes: string[]) => fixes.indexOf(anatomy.rightFix?.fix ?? '') + 1

test('whoever is paged sees how many are slow and what might be done, and nothing of what it is', async () => {
  const { call } = await pagedDrill()
  const { body } = await call('GET', '/api/drills/current')
  expect(body.current).toMatchObject({ ...level0, checkouts: 200, slow: 12, hintsTaken: 0, wrongAnswers: 0, score: 0 })
  const { fixes } = body.current as { fixes: string[] }
  expect(fixes.toSorted()).toEqual([anatomy.rightFix?.fix, ...anatomy.wrongFixes.map(({ fix }) => fix)].sort())
  expect(JSON.stringify({ ...(body.current as object), fixes: [] })).not.toMatch(/anatomy|bank|classic|business/)
})

test('the right answer is worth all, the reveal says what it was, and the board who found it', async () => {
  const { call } = await pagedDrill()
  const { current } = (await call('GET', '/api/drills/current')).body as {
    current: { fixes: string[]; startedAt: string }
  }
  const answer = {
    components: ['bank'],
    mechanism: 'slow-answer',
    discriminator: { key: 'shop.tier', value: 'business' },
    onset: current.startedAt,
    fix: rightFix(current.fixes),
    evidence: { trace: slowOne, log: { service: 'payment', contains: 'came late' } },
  }
  const graded = (await call('POST', '/api/drills/current/answer', answer)).body
  expect(graded).toMatchObject({ isRight: true, points: 95, of: 100, score: 95 })

  const revealed = (await call('POST', '/api/drills/current/reveal')).body
  expect(revealed).toMatchObject({
    id: 'anatomy',
    score: 95,
    truth: { component: 'bank' },
    rightFix: anatomy.rightFix?.fix,
  })
  expect((await call('GET', '/api/drills/current')).body).toEqual({ current: null })
  expect((await call('GET', '/api/drills')).body).toMatchObject({ results: [{ ...level0, score: 95 }] })
})

test('wrong answers and hints cost, and evidence that is made up is worth nothing', async () => {
  const { call } = await pagedDrill()
  const wrong = { components: ['inventory'], mechanism: 'row-lock', evidence: { trace: 'f'.repeat(32) } }
  expect((await call('POST', '/api/drills/current/answer', wrong)).body).toMatchObject({
    isRight: false,
    points: 0,
    score: 0,
  })
  expect((await call('POST', '/api/drills/current/hint')).body).toEqual({
    hint: anatomy.hints[0],
    left: anatomy.hints.length - 1,
  })
  const right = { components: ['bank'], mechanism: 'slow-answer', evidence: { trace: slowOne } }
  expect((await call('POST', '/api/drills/current/answer', right)).body).toMatchObject({
    isRight: true,
    points: 60,
    score: 42,
  })
})

test('the right fix, shipped for real, ends it; a wrong one does not', async () => {
  let slow = 30
  const { call, file } = await pagedDrill(async () => ({ checkouts: 400, slow }))
  const { fixes } = (await call('GET', '/api/drills/current')).body.current as DrillState
  const shipped = async (fix: number) => {
    expect((await call('POST', '/api/drills/current/fix', { fix })).status).toBe(200)
    return eventually('it is known what came of it', async () => {
      const { current } = (await call('GET', '/api/drills/current')).body as { current: DrillState }
      expect(current.shipped?.state).not.toBe('watching')
      return current.shipped
    })
  }
  const right = rightFix(fixes)
  const wrong = fixes.findIndex((_, i) => i + 1 !== right) + 1
  expect(await shipped(wrong)).toMatchObject({ fix: wrong, state: 'still slow', since: 0.075, beforehand: 0.06 })
  slow = 1
  expect(await shipped(right)).toMatchObject({ fix: right, state: 'recovered', since: 0.0025 })
  const { flags } = JSON.parse(await readFile(file, 'utf8')) as {
    flags: Record<string, { metadata?: { variant: string } }>
  }
  const variantOf = (name: string) => flags[name]?.metadata?.variant
  // The wrong one was taken back.
  expect([variantOf('company-cards') === 'approved', variantOf('agreement-lookup')]).toEqual([false, 'in-archive'])
  // One that did not help costs as much as a wrong answer.
  expect((await call('GET', '/api/drills/current')).body.current).toMatchObject({ wrongAnswers: 1 })
  expect(await call('POST', '/api/drills/current/fix', { fix: 9 })).toMatchObject({
    status: 400,
    body: { message: `There is no fix 9: expected 1 to ${fixes.length}.` },
  })
})

test('a fix that cannot be shipped, or watched for a moment, does not stay in the way', async () => {
  let isAway = false
  const { call, file } = await pagedDrill(async () => {
    if (isAway) throw new Error('The viewer cannot be reached.')
    return { checkouts: 400, slow: 30 }
  })
  const { fixes } = (await call('GET', '/api/drills/current')).body.current as DrillState
  const right = rightFix(fixes)
  const calm = await readFile(file, 'utf8')
  await writeFile(file, '{ half')
  expect(await call('POST', '/api/drills/current/fix', { fix: right })).toMatchObject({ status: 409 })
  expect((await call('GET', '/api/drills/current')).body.current).not.toHaveProperty('shipped')
  await writeFile(file, calm)
  isAway = true
  expect((await call('POST', '/api/drills/current/fix', { fix: right })).status).toBe(200)
  isAway = false
  await eventually('it is known all the same', async () =>
    expect((await call('GET', '/api/drills/current')).body.current).toMatchObject({ shipped: { state: 'still slow' } }),
  )
})

test('two who ask at once what it was make one line on the board', async () => {
  const { call } = await pagedDrill()
  const reveals = await Promise.all([1, 2].map(() => call('POST', '/api/drills/current/reveal')))
  // The second one may come when it is over.
  for (const { body } of reveals) expect(body.id ?? body.code).toMatch(/^(anatomy|no_drill)$/)
  expect(reveals[0]?.body.id).toBe('anatomy')
  expect((await call('GET', '/api/drills')).body.results).toHaveLength(1)
})

test('nothing but the answer tells what it is: not the flags, not what is going on, not another start', async () => {
  const { call } = await pagedDrill()
  for (const path of ['/api/now', '/api/scenarios/current', '/api/drills/current']) {
    const { current, drill, ...rest } = (await call('GET', path)).body as Record<string, Record<string, unknown>>
    const said = JSON.stringify([rest, { ...current, fixes: [] }, { ...drill, fixes: [] }])
    expect(said, path).not.toMatch(/anatomy|company-cards|agreement-lookup/)
  }
  const { flags } = (await call('GET', '/api/flags')).body as { flags: object[] }
  expect(flags.filter((flag) => 'setting' in flag || !('isEditedByHand' in flag) || flag.isEditedByHand)).toEqual([])
  expect(await call('POST', '/api/scenarios/one-issuer/start', {})).toMatchObject({
    status: 409,
    body: { code: 'busy' },
  })
})

test('of a day on which nothing is wrong nothing but the numbers tells that', async () => {
  const shop = await startFakeShop()
  const search = async () => Array.from({ length: 500 }, () => ({ durationMs: 70 }))
  const { call } = await startWorkshop({ target: shop.url, search, loadSeconds: 5 })
  await call('POST', '/api/scenarios/calm/start', { hidden: true })
  await eventually('whoever is on call is paged', async () => {
    const { body } = await call('GET', '/api/scenarios/current')
    expect(body.current).toMatchObject({ id: 'hidden', state: 'impact seen', checkouts: 500, slow: 0 })
    expect(JSON.stringify(body)).not.toMatch(/nothing/)
  })
})

test('the reveal is told on the checkout that the player showed', async () => {
  const { call } = await pagedDrill()
  const answer = { components: ['bank'], mechanism: 'slow-answer', evidence: { trace: slowOne } }
  await call('POST', '/api/drills/current/answer', answer)
  const { body } = await call('POST', '/api/drills/current/reveal')
  const { trace, alerts, code } = body as DrillReveal
  expect(trace).toMatchObject({ traceId: slowOne, url: `http://viewer/trace/${slowOne}`, tookMs: 940 })
  expect(trace?.path[0]).toMatchObject({ service: 'payment', name: 'POST → bank' })
  expect(trace?.hops).toEqual([
    'api → payment: traceparent in an HTTP header',
    'payment → bank: sent, and no span came back',
  ])
  expect(trace?.lines).toEqual([
    { service: 'payment', severity: expect.any(String), body: 'answer of the bank came late' },
  ])
  expect({ alerts, code }).toEqual({ alerts: anatomy.seen.alerts, code: ['infra/world/bank.ts', 'infra/world/erp.ts'] })
})

test('why is not told while there is something to find out', async () => {
  const { call } = await pagedDrill()
  expect(await call('GET', '/api/why?from=1970-01-01T00:00:00Z')).toMatchObject({ status: 409, body: { code: 'busy' } })
  await call('POST', '/api/drills/current/reveal')
  expect((await call('GET', '/api/why?from=1970-01-01T00:00:00Z&to=1970-01-01T00:00:30Z')).status).toBe(200)
})

test('a second drill, an answer before the page, and one without a drill are refused; a reset calls it off', async () => {
  const { call } = await workshopWithDrill()
  const answer = { components: ['bank'], mechanism: 'slow-answer' }
  expect(await call('POST', '/api/drills/current/answer', answer)).toMatchObject({
    status: 404,
    body: { code: 'no_drill' },
  })
  await call('POST', '/api/drills', level0)
  expect(await call('POST', '/api/drills', level0)).toMatchObject({ status: 409, body: { code: 'busy' } })
  expect(await call('POST', '/api/drills/current/answer', answer)).toMatchObject({ status: 409 })
  await call('POST', '/api/reset')
  expect((await call('GET', '/api/drills/current')).body).toEqual({ current: null })
})

test('after a drill of which nothing came the next one can be started', async () => {
  const shop = await startFakeShop()
  const search = async () => Array.from({ length: 200 }, () => ({ durationMs: 70 }) as { durationMs: number })
  const { call } = await startWorkshop({ target: shop.url, search, loadSeconds: 0.2 })
  await call('POST', '/api/drills', level0)
  await eventually('it says that nothing came of it', async () => {
    const { body } = await call('GET', '/api/drills/current')
    expect(body.current).toMatchObject({ state: 'failed', says: expect.stringMatching(/start another one/) })
  })
  expect((await call('POST', '/api/drills', level0)).status).toBe(202)
})

const fine = { components: ['bank'], mechanism: 'slow-answer' }
const malformed: [unknown, RegExp][] = [
  [undefined, /body/],
  [[], /body/],
  ['bank', /body/],
  [{}, /body\.components/],
  [{ mechanism: 'slow-answer' }, /body\.components/],
  [{ components: ['bank'] }, /body\.mechanism/],
  [{ ...fine, components: 'bank' }, /body\.components/],
  [{ ...fine, components: [] }, /expected at least one component/],
  [{ ...fine, components: ['database'] }, /body\.components\.0 is "database": expected one of api, inventory/],
  [{ ...fine, components: [7] }, /body\.components\.0 is 7/],
  [{ ...fine, components: Array.from({ length: 9 }, () => 'bank') }, /body\.components/],
  [{ ...fine, mechanism: 'magic' }, /body\.mechanism is "magic": expected one of/],
  [{ ...fine, mechanism: null }, /body\.mechanism is null/],
  [{ ...fine, discriminator: 'shop.tier' }, /body\.discriminator/],
  [{ ...fine, discriminator: {} }, /body\.discriminator/],
  [{ ...fine, discriminator: { key: '' } }, /body\.discriminator/],
  [{ ...fine, discriminator: { key: 'a', nothing: 'time' } }, /body\.discriminator/],
  [{ ...fine, discriminator: { nothing: 'luck' } }, /body\.discriminator/],
  [{ ...fine, onset: 'this morning' }, /body\.onset is "this morning": expected a time/],
  [{ ...fine, onset: 1_790_000_000_000 }, /body\.onset/],
  [{ ...fine, fix: 0 }, /body\.fix/],
  [{ ...fine, fix: 1.5 }, /body\.fix/],
  [{ ...fine, fix: 'the first' }, /body\.fix is "the first": expected the number of a fix/],
  [{ ...fine, evidence: 'a trace' }, /body\.evidence/],
  [{ ...fine, evidence: { trace: '12' } }, /body\.evidence\.trace is "12": expected 32 hexadecimal digits/],
  [{ ...fine, evidence: { trace: 'A'.repeat(32) } }, /body\.evidence\.trace/],
  [{ ...fine, evidence: { metric: 'sum(rate(x[1m]))' } }, /body\.evidence\.metric is .*: expected a metric such as/],
  [{ ...fine, evidence: { metric: 'x'.repeat(300) } }, /body\.evidence\.metric/],
  [{ ...fine, evidence: { log: 'payment' } }, /body\.evidence\.log/],
  [{ ...fine, evidence: { log: { service: 'payment' } } }, /body\.evidence\.log\.contains/],
  [{ ...fine, evidence: { log: { service: 'payment', contains: '' } } }, /body\.evidence\.log\.contains/],
  [{ ...fine, evidence: { screenshot: 'x' } }, /screenshot/],
  [{ ...fine, confidence: 1 }, /confidence/],
]

test('thirty malformed answers get a sentence each, and cost nothing', async () => {
  const { call } = await pagedDrill()
  expect(malformed.length).toBeGreaterThanOrEqual(30)
  for (const [answer, says] of malformed) {
    const { status, body } = await call('POST', '/api/drills/current/answer', answer)
    expect({ answer, status, message: body.message }).toEqual({
      answer,
      status: 400,
      message: expect.stringMatching(says),
    })
  }
  expect((await call('GET', '/api/drills/current')).body.current).toMatchObject({ wrongAnswers: 0 })
})

test('in the terminal: paged, a hint, an answer, the reveal and the board', async () => {
  const { url } = await workshopWithDrill()
  const slow = async (...args: string[]) => {
    const out: string[] = []
    const config = loadConfig(CliConfig, {
      WORKSHOP_URL: url,
      VIEWER_URL: url,
      API_URL: url,
      AUDIT_DATABASE_URL: 'postgres://a:a@127.0.0.1:9/a',
    })
    const code = await runProgram(args[0] === 'why' ? args : ['drill', ...args], {
      config,
      terminal: { isTTY: false, columns: 100, colour: false, say: (line) => void out.push(line), passing: () => {} },
      complain: (text) => void out.push(text),
      signal: new AbortController().signal,
    })
    return { code, text: out.join('\n') }
  }
  expect(await slow('status')).toEqual({ code: 0, text: 'There is no drill.' })
  const started = await slow('start', '--level', '0', '--seed', '3', '--player', 'ada')
  expect(started).toMatchObject({ code: 0, text: expect.stringMatching(/you are on call[\s\S]*PAGER[\s\S]* {2}1\. /) })
  expect(started.text).not.toMatch(/anatomy/)
  expect((await slow('hint')).text).toContain(anatomy.hints[0]?.slice(0, 40))
  const wrong = await slow('answer', '--component', 'inventory', '--mechanism', 'row-lock')
  expect(wrong).toMatchObject({
    code: 1,
    text: expect.stringMatching(/✗ component +0 of 25 +it is somebody else[\s\S]*that is not it yet/),
  })
  const right = await slow(
    'answer',
    '--component',
    'bank',
    '--mechanism',
    'slow-answer',
    '--attribute',
    'shop.tier=business',
    '--trace',
    slowOne,
  )
  expect(right).toMatchObject({ code: 0, text: expect.stringMatching(/✓ trace +10 of 10 +it is slow, and shows it/) })
  expect(await slow('answer', '--component', 'god', '--mechanism', 'slow-answer')).toMatchObject({ code: 2 })
  expect(await slow('why')).toEqual({ code: 1, text: expect.stringMatching(/A drill is going on.*drill -- reveal/) })
  // As many are slow as before, whatever is shipped here.
  expect(await slow('fix', '1')).toEqual({ code: 1, text: expect.stringMatching(/^fix 1: still slow\. 9\.1 % of 132/) })
  expect(await slow('fix', 'first')).toMatchObject({ code: 2, text: expect.stringMatching(/Expected a whole number/) })
  const { text: revealed } = await slow('reveal')
  expect(revealed).toMatch(/\(anatomy\)[\s\S]*bank: [\s\S]*score \d+ of 100/)
  expect(revealed).toMatch(
    new RegExp(`On one checkout, of 940 ms: ${slowOne}[\\s\\S]*910 ms {2}97 % {2}payment POST → bank`),
  )
  expect(revealed).toMatch(/Alerts that would have told you: CheckoutBurn1m, BankAnswersLate/)
  expect((await slow('board')).text).toMatch(/^ *\d+ {2}ada +level 0, seed 3/)
})

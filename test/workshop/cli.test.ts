import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from '../../services/kit/config.ts'
import { runProgram } from '../../services/workshop/cli/program.ts'
import { CliConfig } from '../../services/workshop/config.ts'
import { saveRecording } from '../../services/workshop/recording.ts'
import { startFakeShop } from '../helpers/fake-shop.ts'
import { calmMix } from '../helpers/hot-product.ts'
import { observedWindow, recordingOf } from '../helpers/hot-product-recording.ts'
import { makeTempFolder } from '../helpers/temp-folder.ts'
import { client, logLine, server, trace, traceIdOf } from '../helpers/traces.ts'
import { startViewer } from '../helpers/viewer.ts'
import { startStuckService, startWorkshop } from '../helpers/workshop.ts'

type Ended = { code: number; stdout: string; stderr: string }

/** Nothing listens on port 9. */
const nowhere = {
  WORKSHOP_URL: 'http://127.0.0.1:9',
  VIEWER_URL: 'http://127.0.0.1:9',
  API_URL: 'http://127.0.0.1:9',
  AUDIT_DATABASE_URL: 'postgres://a:a@127.0.0.1:9/a',
}

/** A command within this process: what a person would see, and the exit code. */
async function slow(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const out: string[] = []
  const complaints: string[] = []
  const say = (line: string) => void out.push(`${line}\n`)
  const code = await runProgram(args, {
    config: loadConfig(CliConfig, { ...nowhere, ...env }),
    terminal: { isTTY: false, columns: 120, colour: false, say, passing: () => {} },
    complain: (text) => void complaints.push(text),
    signal: new AbortController().signal,
  })
  return { code, stdout: out.join(''), stderr: complaints.join('\n') }
}

/** The same as a process of its own. */
function spawned(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const options = { env: { PATH: process.env.PATH ?? '', ...nowhere, ...env }, timeout: 14_000 }
  return new Promise((resolve) => {
    execFile(process.execPath, ['services/workshop/cli.ts', ...args], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr })
    })
  })
}

test.concurrent.each<[string[], Record<string, string>, Ended]>([
  [['verify', '--help'], {}, { code: 0, stdout: expect.stringMatching(/Usage: slow verify/), stderr: '' }],
  [
    ['fault', 'set', 'api-egde', 'none'],
    {},
    { code: 2, stdout: '', stderr: expect.stringMatching(/no flag "api-egde"/) },
  ],
  [['fault', 'list'], {}, { code: 1, stdout: '', stderr: expect.stringMatching(/cannot be reached.*npm start/) }],
  [
    ['fault', 'list'],
    { PORT_BASE: 'ten' },
    { code: 2, stdout: '', stderr: expect.stringMatching(/PORT_BASE is "ten"/) },
  ],
])('as a process, %j with %j ends as it says', async (args, env, ended) => {
  expect(await spawned(args, env)).toEqual(ended)
})

test.each([
  [['--help'], /fault.*scenario.*verify.*trace/s],
  [['verify', '--help'], /Exit code: 0 everything held, 1 something failed, 3 inconclusive/],
])('%j ends with 0 and explains', async (args, says) => {
  const { code, stdout } = await slow(args)
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(says) })
})

test.each([
  [['fault', 'set', 'reservation-loking', 'narrow'], /no flag "reservation-loking"\. Flags are: reservation-locking,/],
  [['fault', 'set', 'reservation-locking', 'wide'], /no variant "wide"\. Variants are: narrow/],
  [
    ['fault', 'set', 'reservation-locking', 'across-pricing', '--where', 'shop.teir=gold'],
    /Attributes are: shop.tier, /,
  ],
  [['fault', 'set', 'reservation-locking', 'across-pricing', '--where', 'gold'], /Expected key=value/],
  [['fault', 'set', 'reservation-locking', 'across-pricing', '--share', '30'], /Expected a number from 0 to 1/],
  [['fault', 'set', 'reservation-locking', 'across-pricing', '--for', 'ever'], /"ever" is not a duration/],
  [['scenario', 'start', 'hot-prodct'], /no scenario "hot-prodct"\. Scenarios are: hot-product/],
  [['verify', 'hot-product', '--window', '5'], /Expected 21 to 300 seconds: 400 checkouts are needed/],
  [['verify', 'hot-product', '--rate', '100'], /Expected 5 to 20 checkouts a second/],
  [
    ['verify', 'hot-product', '--rate', '12', '--window', '30'],
    /--window 30 is too short for --rate 12.*at least 35 seconds/,
  ],
  [['fault', 'set', 'reservation-locking'], /missing required argument 'variant'/],
  [['scenario', 'start', 'hot-product', '--seed', 'x'], /Expected a whole number/],
  [['trace', 'a'.repeat(32), '--slowest'], /one of them/],
  [['verify', 'hot-product', '--fast'], /unknown option '--fast'/],
  [['trace'], /Expected a trace id or --slowest, one of them/],
  [['trace', 'abc'], /"abc" is no trace id: expected 32 hexadecimal digits/],
  [['guess'], /unknown command 'guess'/],
])('%j ends with 2 and a sentence', async (args, says) => {
  const { code, stderr } = await slow(args)
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(says) })
})

test.each([
  [['fault', 'list'], /The workshop at http:\/\/127.0.0.1:9 cannot be reached.*npm start/],
  [['verify', 'hot-product'], /cannot be reached.*npm start/],
  [['scenario', 'start', 'hot-product'], /cannot be reached.*npm start/],
  [['audit'], /could not be read.*npm start/],
  [['trace', '--slowest'], /The viewer at http:\/\/127.0.0.1:9 cannot be reached.*npm start/],
])('%j without a running lab ends with 1 and says what to do', async (args, says) => {
  const { code, stderr } = await slow(args)
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(says) })
})

test('scenarios are listed without a running lab and without the answer', async () => {
  const { code, stdout } = await slow(['scenario', 'list'])
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^hot-product {2}\(level 1\)\n {4}Most/m) })
  expect(stdout).not.toMatch(/enamel-mug|lock|inventory/)
})

test('a flag is set, listed and reset', async () => {
  const { url } = await startWorkshop()
  const env = { WORKSHOP_URL: url }
  const set = ['fault', 'set', 'reservation-locking', 'across-pricing', '--share', '0.3']
  const where = ['--where', 'shop.tier=gold', '--where', 'shop.cart_size=bulk']
  expect(await slow([...set, ...where], env)).toMatchObject({
    code: 0,
    stdout:
      'reservation-locking: across-pricing for 30 % where shop.tier = gold and shop.cart_size = bulk\nEvery service has read it.\n',
  })
  expect((await slow(['fault', 'list'], env)).stdout).toMatch(/^\* reservation-locking: across-pricing for 30 %/m)
  expect(await slow(['fault', 'reset'], env)).toMatchObject({ code: 0 })
  expect((await slow(['fault', 'list'], env)).stdout).toMatch(/^ {2}reservation-locking: narrow$/m)
})

test('a flag that not every service has read is set, and ends with 1', async () => {
  const { url } = await startWorkshop({ instances: [await startStuckService('payment-2')] })
  const { code, stdout } = await slow(['fault', 'set', 'api-edge', 'delay-1s'], { WORKSHOP_URL: url })
  expect(code).toBe(1)
  expect(stdout).toMatch(/It is set, but not every service has read it: payment-2: it has revision old\.$/m)
})

test('a scenario that has impact ends with 0, says what to open, and not why', async () => {
  const shop = await startFakeShop()
  const search = async () => Array.from({ length: 200 }, (_, i) => ({ durationMs: i < 12 ? 900 : 70 }) as never)
  const { url } = await startWorkshop({ target: shop.url, search, loadSeconds: 5 })
  const { code, stdout } = await slow(['scenario', 'start', 'hot-product'], { WORKSHOP_URL: url })
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^impact seen\n12 of 200 checkouts over 500 ms$/m),
  })
  expect(stdout).toMatch(/npm run trace -- --slowest/)
  expect(stdout).not.toMatch(/enamel-mug|lock|inventory|pricing/)
  expect((await slow(['scenario', 'status'], { WORKSHOP_URL: url })).stdout).toMatch(
    /^hot-product, seed 1: impact seen/,
  )
  expect((await slow(['scenario', 'reset'], { WORKSHOP_URL: url })).stdout).toMatch(/^Reset: everything is calm/m)
})

test('a scenario without impact ends with 1 and says that it was reset', async () => {
  const shop = await startFakeShop()
  const { url } = await startWorkshop({ target: shop.url, loadSeconds: 0.2 })
  const { code, stdout } = await slow(['scenario', 'start', 'hot-product'], { WORKSHOP_URL: url })
  expect({ code, stdout }).toEqual({
    code: 1,
    stdout: expect.stringMatching(/no impact\n.* so everything was reset\.$/m),
  })
})

test('a hidden scenario pages: that, how much and since when, but neither a name nor a question', async () => {
  const shop = await startFakeShop()
  const search = async () => Array.from({ length: 200 }, (_, i) => ({ durationMs: i < 12 ? 900 : 70 }) as never)
  const { url, call } = await startWorkshop({ target: shop.url, search, loadSeconds: 5 })
  const { code, stdout } = await slow(['scenario', 'start', 'hot-product', '--hidden'], { WORKSHOP_URL: url })
  const page =
    /PAGER {2}checkout is burning its error budget: 6\.0 % of 200 checkouts over 500 ms since \d\d:\d\d:\d\d UTC \(at most 1\.0 % may be\)/
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(page) })
  expect(stdout).toMatch(/^armed\nload: /m)
  const status = await slow(['scenario', 'status'], { WORKSHOP_URL: url })
  expect(status.stdout).toMatch(page)
  const { body } = await call('GET', '/api/scenarios/current')
  for (const said of [stdout, status.stdout, JSON.stringify(body)]) {
    expect(said).not.toMatch(/hot-product|Most checkouts|popular|lock|inventory|pricing/)
  }
})

test('a hidden scenario in which nothing happens pages as well, and ends with 0', async () => {
  const shop = await startFakeShop()
  const search = async () => Array.from({ length: 500 }, () => ({ durationMs: 70 }) as never)
  const { url } = await startWorkshop({ target: shop.url, search, loadSeconds: 5 })
  const hidden = await slow(['scenario', 'start', 'calm', '--hidden'], { WORKSHOP_URL: url })
  expect(hidden).toMatchObject({ code: 0, stdout: expect.stringMatching(/PAGER {2}a customer says .*: 0\.0 % of 500/) })
  expect(hidden.stdout).not.toMatch(/no impact|nothing/)
  await slow(['scenario', 'reset'], { WORKSHOP_URL: url })
  const open = await slow(['scenario', 'start', 'calm'], { WORKSHOP_URL: url })
  expect(open).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/0 of 500 .*: nothing is wrong, and that is the answer\.$/m),
  })
})

test('verify refuses to take the shop from somebody who set a flag', async () => {
  const { url, client: workshop } = await startWorkshop()
  await workshop.set('api-edge', { variant: 'delay-1s' })
  const { code, stderr } = await slow(['verify', 'hot-product'], { WORKSHOP_URL: url })
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/Somebody set api-edge.*npm run fault -- reset/),
  })
})

test.each([
  ['held', 0, recordingOf()],
  ['failed', 1, recordingOf({ armed: observedWindow(calmMix) })],
  ['inconclusive', 3, recordingOf({ calm: observedWindow(calmMix, 0, { startLagP99Ms: 200 }) })],
] as const)('a replay that is %s ends with %d, without a lab', async (state, expected, recording) => {
  const folder = await makeTempFolder()
  const [file, json] = [join(folder, 'recording.json'), join(folder, 'verdict.json')]
  await saveRecording(file, recording)
  const { code, stdout } = await slow(['verify', 'hot-product', '--replay', file, '--json', json])
  expect({ code, stdout }).toEqual({ code: expected, stdout: expect.stringContaining(`hot-product, seed 7: ${state}`) })
  const { default: verdict } = await import(json, { with: { type: 'json' } })
  expect(verdict).toMatchObject({ state, runs: [{ scenario: 'hot-product', seed: 7, state }] })
})

test('a trace is printed with its log lines, by id and as the slowest one', async () => {
  const viewer = await startViewer()
  const made = trace(server('api', 'POST /api/checkout', 0, 700, [client('api', 'POST', 5, 690)]), traceIdOf(1))
  await viewer.sendSpans(made.spans, Date.now() - 2000)
  await viewer.sendLogs([logLine(100, 'order placed', { traceId: traceIdOf(1) })], Date.now() - 2000)
  const env = { VIEWER_URL: viewer.url }
  const byId = await slow(['trace', traceIdOf(1)], env)
  expect(byId).toMatchObject({ code: 0, stderr: '' })
  expect(byId.stdout).toMatch(/^api POST \/api\/checkout {2}700 ms\n/)
  expect(byId.stdout).toContain('order placed')
  expect((await slow(['trace', '--slowest'], env)).stdout).toBe(byId.stdout)
  expect(await slow(['trace', traceIdOf(2)], env)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/has no trace/),
  })
  expect(await slow(['trace', '--slowest', '--route', 'GET /x'], env)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/has no trace of GET \/x yet/),
  })
})

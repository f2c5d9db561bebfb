// `npm run load` as a process, with Node against a shop and a workshop, and with something in k6's place.
import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { announcedWhile } from '../../loadtest/node/announced.ts'
import { chosenLesson, parseOptions, refuseAnotherShop } from '../../loadtest/node/options.ts'
import type { RunReport } from '../../loadtest/run-report.ts'
import { eventually } from '../helpers/eventually.ts'
import { startFakeShop } from '../helpers/fake-shop.ts'
import { makeTempFolder } from '../helpers/temp-folder.ts'
import { startWorkshop } from '../helpers/workshop.ts'

/** Processes that start while other tests keep both cores busy. */
const slowStart = { timeout: 60_000 }

const nowhere = { API_URL: 'http://127.0.0.1:9', WORKSHOP_URL: 'http://127.0.0.1:9' }

/** Runs in a folder of its own, below which it keeps its reports. */
async function startLoad(args: string[], env: Record<string, string> = {}) {
  const cwd = await makeTempFolder()
  const script = resolve('loadtest/load.ts')
  const child = spawn(process.execPath, [script, ...args], { cwd, env: { PATH: process.env.PATH, ...nowhere, ...env } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  onTestFinished(() => void child.kill('SIGKILL'))
  const kept = async () => {
    const folder = join(cwd, '.data/loads')
    const names = (await readdir(folder).catch(() => [])).sort()
    return {
      names,
      read: (ending: string) => readFile(join(folder, names.find((name) => name.endsWith(ending)) ?? '')),
    }
  }
  return { child, cwd, output: () => output, exitCode: exitCodeOf(child), kept }
}

const exitCodeOf = (child: ChildProcess) => new Promise<number | null>((done) => child.once('close', done))

async function startBoth(behaviour: Parameters<typeof startFakeShop>[0] = {}) {
  const shop = await startFakeShop(behaviour)
  const workshop = await startWorkshop()
  return { shop, workshop, env: { API_URL: shop.url.href, WORKSHOP_URL: workshop.url } }
}

/** A shop in which there is no room for anybody. */
const full = { counter: { ms: 0, room: 0 } }

const quick = ['--minutes', '0.025']

test('plays a lesson, shows its report, keeps it in three forms and ends with 0', slowStart, async () => {
  const { shop, workshop, env } = await startBoth()
  const load = await startLoad(['02', '--node', ...quick, '--json', 'my.json', '--html', 'my.html'], env)
  expect(await load.exitCode, load.output()).toBe(0)
  expect(load.output()).toContain('30 of 30 checkouts')
  expect(load.output()).toContain('Every limit holds.')
  expect(load.output()).toMatch(/of 0:02, 0:\d\d left · checkouts \d+\.\d\/s/)

  const { names, read } = await load.kept()
  expect(names.map((name) => name.replace(/-[0-9a-f]{8}\./, '-RUN.'))).toEqual([
    ...['02-steady-RUN.html', '02-steady-RUN.json', '02-steady-RUN.txt'],
  ])
  const report = JSON.parse(String(await read('.json'))) as RunReport
  expect(report).toMatchObject({ lesson: '02-steady', player: 'node', planned: 30, isPartial: false })
  expect(report.whole).toMatchObject({ count: 30, succeeded: 30 })
  expect(String(await read('.html'))).toContain(`http://viewer/trace/${report.slowest[0]?.traceId}`)
  expect(JSON.parse(await readFile(join(load.cwd, 'my.json'), 'utf8'))).toEqual(report)
  expect(await readFile(join(load.cwd, 'my.html'), 'utf8')).toBe(String(await read('.html')))
  expect((await workshop.call('GET', `/api/loads/${report.run}`)).body).toEqual(report)
  expect(await workshop.client.traffic()).toEqual({ paused: false })
  expect(shop.seen('POST /api/checkout').every(({ headers }) => headers.baggage?.includes(report.run))).toBe(true)
})

test('ends with 99 when a limit is broken', slowStart, async () => {
  const { env } = await startBoth(full)
  const load = await startLoad(['steady', '--node', ...quick], env)
  expect(await load.exitCode).toBe(99)
  expect(load.output()).toContain('30 overloaded')
  expect(load.output()).toContain('✗ 99.0 % of checkouts succeed within 500 ms: 0.0 %')
})

test('a limit that ends the lesson ends it as soon as it cannot be kept any more', slowStart, async () => {
  const { env } = await startBoth(full)
  const load = await startLoad(['05', '--node'], env)
  expect(await load.exitCode).toBe(99)
  expect(load.output()).toContain('A limit was broken, and that ends this lesson.')
  expect(load.output()).toContain('The knee is below 15/s')
})

test('Ctrl-C gives the report so far, makes everything calm and ends with 130', slowStart, async () => {
  const { shop, workshop, env } = await startBoth()
  const load = await startLoad(['09', '--node'], env)
  const armed = async () => (await workshop.client.flags()).flags.flatMap(({ setting }) => setting ?? []).length
  await eventually('it is under way', () => expect(shop.seen('POST /api/checkout').length).toBeGreaterThan(10), {
    withinMs: 20_000,
  })
  expect(await armed()).toBe(1)
  load.child.kill('SIGINT')
  expect(await load.exitCode).toBe(130)
  expect(load.output()).toContain('It was ended before its plan was.')
  const report = JSON.parse(String(await (await load.kept()).read('.json'))) as RunReport
  expect(report).toMatchObject({ isPartial: true, whole: { errors: {} } })
  expect(report.whole.count).toBeGreaterThan(10)
  expect(await armed()).toBe(0)
  expect(await workshop.client.traffic()).toEqual({ paused: false })
})

test('users who wait come before those who come anyway', slowStart, async () => {
  const { env } = await startBoth({ checkoutMs: 40 })
  const load = await startLoad(['07', '--node', ...quick], env)
  expect(await load.exitCode, load.output()).toBe(0)
  const { parts } = JSON.parse(String(await (await load.kept()).read('.json'))) as RunReport
  expect(parts.map(({ name }) => name)).toEqual(['closed', 'open'])
  expect(parts[1]?.fromSeconds).toBeGreaterThan(1.4)
  expect(load.output()).toMatch(/p99 is \d+ ms for users who wait .* and \d+ ms for those who come anyway/)
})

test('without a workshop it plays all the same and reports by itself', slowStart, async () => {
  const shop = await startFakeShop()
  const load = await startLoad(['01', '--node', ...quick], { API_URL: shop.url.href })
  expect(await load.exitCode).toBe(0)
  expect(load.output()).toContain('with the baseline beside it: the workshop at http://127.0.0.1:9 cannot be reached')
  expect(String(await (await load.kept()).read('.html'))).toContain('http://localhost:4318/trace/')
})

test('a workshop that is lost on the way costs nothing but its copy', slowStart, async () => {
  const shop = await startFakeShop()
  const workshop = await startForgetfulWorkshop()
  const load = await startLoad(['01', '--node', ...quick], { API_URL: shop.url.href, WORKSHOP_URL: workshop })
  expect(await load.exitCode).toBe(0)
  expect(load.output()).toContain('The workshop does not have all of this run: There is no load run "r".')
  expect(load.output()).toContain('2 of 2 checkouts')
})

test('says in a sentence what does not play along, and ends with 1', slowStart, async () => {
  const { shop, workshop, env } = await startBoth()
  await workshop.client.setTraffic({ paused: true, reason: 'a proof is running' })
  const loads = await Promise.all([
    startLoad(['01', '--node']),
    startLoad(['09', '--node'], { API_URL: shop.url.href }),
    startLoad(['01', '--node'], env),
    startLoad(['01', '--k6', '/nowhere/k6']),
  ])
  expect(await Promise.all(loads.map((load) => load.exitCode))).toEqual([1, 1, 1, 1])
  const [closed, alone, taken, without] = loads.map((load) => load.output())
  expect(closed).toBe('The shop at http://127.0.0.1:9 does not answer (ECONNREFUSED). Start the lab with: npm start\n')
  expect(alone).toContain('In this lesson the workshop ships something, and the workshop at http://127.0.0.1:9 cannot')
  expect(taken).toBe('The shop is taken (a proof is running): try again later.\n')
  expect(without).toContain('/nowhere/k6 could not be run')
})

test('refuses what it does not understand or cannot do, with exit code 2', slowStart, async () => {
  const loads = await Promise.all([
    startLoad(['stedy']),
    startLoad(['01', '--speed', '3']),
    // Finds no docker, should it get that far.
    startLoad(['01'], { PATH: '/nowhere' }),
  ])
  expect(await Promise.all(loads.map((load) => load.exitCode))).toEqual([2, 2, 2])
  const [unknown, option, elsewhere] = loads.map((load) => load.output())
  expect(unknown).toMatch(/^There is no lesson "stedy"\. There are:\n {2}01-smoke/)
  expect(option).toContain("error: unknown option '--speed'")
  expect(elsewhere).toMatch(/^API_URL and WORKSHOP_URL would not reach k6 in its container.*: use --node or --k6/)
})

test.each([
  [[], /^Which lesson\? There are:/],
  [['11'], /^There is no lesson "11"/],
  [['01', '--rate', '0'], /Expected a number above 0 and up to 20/],
  [['01', '--seed', '1.5'], /Expected a whole number from 0/],
  [['01', '--minutes', 'long'], /Expected a number above 0 and up to 1440/],
  [['01', '02'], /too many arguments/],
  [['01', '--node', '--json', '/nowhere/at/all.json'], /^\/nowhere\/at\/all\.json cannot be written to \(ENOENT\)/],
  [['01', '--node', '--k6', 'k6'], /^Expected --node or --k6, one of them/],
])('refuses %j with a sentence', (args, says) => {
  expect(() => {
    const { lesson, ...options } = parseOptions(['node', 'load.ts', ...args])
    chosenLesson(lesson, options)
  }).toThrow(says)
})

test('another shop is for players on this machine: k6 in its container has its own', () => {
  const refused = (given: { node?: boolean; k6?: string }, config: { API_URL?: string; WORKSHOP_URL?: string }) => () =>
    refuseAnotherShop({ node: false, ...given }, config)
  expect(refused({}, { WORKSHOP_URL: 'http://there' })).toThrow(/^WORKSHOP_URL would not reach k6 .* or unset it\.$/)
  for (const given of [{ node: true }, { k6: 'k6' }]) expect(refused(given, { API_URL: 'http://there' })).not.toThrow()
  expect(refused({}, {})).not.toThrow()
})

test.each(['2', '02', 'steady', 'Steady', '02-steady'])('%s is a lesson', (name) => {
  const { lesson, ...options } = parseOptions(['node', 'load.ts', name, '--rate', '2', '--minutes', '2'])
  expect(chosenLesson(lesson, options)).toMatchObject({
    id: '02-steady',
    profile: { ratePerSecond: 40, durationSeconds: 120 },
  })
})

test('lists the lessons and explains itself', slowStart, async () => {
  const [list, help] = await Promise.all([startLoad(['--list']), startLoad(['--help'])])
  expect(await Promise.all([list.exitCode, help.exitCode])).toEqual([0, 0])
  expect(list.output().trimEnd().split('\n')).toHaveLength(10)
  expect(list.output()).toContain(
    '02-steady               60 s   1200 checkouts   What does an ordinary minute look like?',
  )
  expect(help.output()).toContain('--node')
})

test('k6 is told what was asked for, its exit code is passed on, and its report is fetched', slowStart, async () => {
  const { env } = await startBoth()
  const k6 = await standInForK6(`
    const [, ...args] = process.argv.slice(1)
    console.log('k6', args.join(' '))
    const told = Object.fromEntries(args.filter((arg) => arg.includes('=')).map((arg) => arg.split('=')))
    const post = async (path, body) => {
      const headers = { 'content-type': 'application/json' }
      return (await fetch(told.WORKSHOP_URL + path, { method: 'POST', headers, body: JSON.stringify(body) })).json()
    }
    const asked = { lesson: '02-steady', player: 'k6', seed: 7, planHash: '0123456789abcd' }
    const { run } = await post('/api/loads', asked)
    await post('/api/loads/' + run + '/end', { dropped: 3, isPartial: true })
    process.exitCode = 99`)
  const load = await startLoad(['02', '--k6', k6, '--seed', '7', '--rate', '2', '--minutes', '1'], env)
  expect(await load.exitCode).toBe(99)
  expect(load.output()).toMatch(
    /^k6 run -e SEED=7 -e RATE=2 -e MINUTES=1 -e API_URL=\S+ -e WORKSHOP_URL=\S+ loadtest\/02-steady\.ts$/m,
  )
  const { names, read } = await load.kept()
  expect(names).toHaveLength(3)
  expect(JSON.parse(String(await read('.json')))).toMatchObject({ player: 'k6', dropped: 3, isPartial: true })
})

test(
  'of a run that the workshop has not heard of it says so, and that a wanted report was not written',
  slowStart,
  async () => {
    const { env } = await startBoth()
    const k6 = await standInForK6('')
    const loads = await Promise.all([
      startLoad(['02', '--k6', k6], env),
      startLoad(['02', '--k6', k6, '--json', 'my.json'], env),
      startLoad(['02', '--k6', await standInForK6('process.exitCode = 99'), '--json', 'my.json'], env),
    ])
    expect(await Promise.all(loads.map((load) => load.exitCode))).toEqual([0, 1, 99])
    const says = `The workshop at ${env.WORKSHOP_URL} has no report of this run.`
    expect(loads[0]?.output()).toBe(`${says}\n`)
    expect(loads[1]?.output()).toBe(`${says} Nothing was written to my.json.\n`)
  },
)

test('the run that was announced is told by what is new, whatever the workshop’s clock says', async () => {
  const loads = [{ run: 'old', lesson: '02-steady', player: 'k6', startedAtMs: Date.now() + 60_000 }]
  const workshop = { list: async () => [...loads] }
  const announce = async (run: string, lesson = '02-steady') => {
    loads.unshift({ run, lesson, player: 'k6', startedAtMs: 0 })
    return 99
  }
  expect(await announcedWhile(workshop, async () => 0)).toEqual({ played: 0 })
  expect(await announcedWhile(workshop, () => announce('new'))).toEqual({ played: 99, run: 'new' })
  const isSmoke = ({ lesson }: { lesson: string }) => lesson === '01-smoke'
  expect(await announcedWhile(workshop, () => announce('another'), isSmoke)).toEqual({ played: 99 })
  const isAway = { list: () => Promise.reject(new Error('away')) }
  expect(await announcedWhile(isAway, async () => 0)).toEqual({ played: 0 })
})

test('Ctrl-C reaches k6 once, and its end by that is 130', slowStart, async () => {
  const { env } = await startBoth()
  const k6 = await standInForK6(`
    let times = 0
    process.on('SIGINT', () => {
      console.log('interrupted', ++times)
      setTimeout(() => process.exit(105), 300)
    })
    setInterval(() => {}, 1000)
    console.log('started')`)
  const load = await startLoad(['02', '--k6', k6], env)
  await eventually('it has started', () => expect(load.output()).toContain('started'), { withinMs: 20_000 })
  load.child.kill('SIGINT')
  expect(await load.exitCode).toBe(130)
  expect(load.output()).toContain('interrupted 1')
  expect(load.output()).not.toContain('interrupted 2')
})

/** A program that Node runs, called with k6's arguments. */
async function standInForK6(code: string): Promise<string> {
  const file = join(await makeTempFolder(), 'k6.mjs')
  await writeFile(file, `#!${process.execPath}\n${code}\n`)
  await chmod(file, 0o755)
  return file
}

/** Takes a run and knows nothing of it afterwards, as after a restart. */
async function startForgetfulWorkshop(): Promise<string> {
  const server = createServer((request, response) => {
    const isStart = request.url === '/api/loads'
    const answer = isStart
      ? { run: 'r', startedAtMs: Date.now() }
      : { code: 'unknown_load', message: 'There is no load run "r".' }
    response.writeHead(isStart ? 201 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

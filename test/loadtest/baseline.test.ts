// Baseline traffic as a process, and the pauses it makes for a proof.
import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { isPausedBy } from '../../loadtest/pauses.ts'
import { eventually } from '../helpers/eventually.ts'
import { startFakeShop } from '../helpers/fake-shop.ts'

/** A process that starts while other tests keep both cores busy. */
const slowStart = { timeout: 30_000 }

function startBaseline(args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, ['loadtest/baseline.ts', ...args], { env })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, output: () => output, exitCode: exitCodeOf(child) }
}

const exitCodeOf = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve))

async function startWorkshop() {
  const traffic = { paused: false }
  const server = createServer((_, response) => response.end(JSON.stringify(traffic)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { traffic, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

test(
  'plays, makes room while the workshop says so, goes on with the next visitor and stops on SIGTERM',
  slowStart,
  async () => {
    const shop = await startFakeShop()
    const workshop = await startWorkshop()
    const baseline = startBaseline(['--rate', '50'], { API_URL: shop.url.href, WORKSHOP_URL: workshop.url })
    const checkouts = () => shop.seen('POST /api/checkout')

    await eventually('checkouts flow', () => expect(checkouts().length).toBeGreaterThan(5), { withinMs: 15_000 })
    workshop.traffic.paused = true
    await eventually('it says so', () => expect(baseline.output()).toContain('paused'))
    const atPause = checkouts().length
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(checkouts().length).toBe(atPause)
    workshop.traffic.paused = false
    await eventually('it goes on', () => expect(checkouts().length).toBeGreaterThan(atPause + 5))

    baseline.child.kill('SIGTERM')
    expect(await baseline.exitCode).toBe(0)
    const keys = checkouts().map(({ headers }) => headers['idempotency-key'])
    expect(new Set(keys).size).toBe(keys.length)
  },
)

test('a workshop that is absent or down pauses nothing', async () => {
  expect(await isPausedBy(undefined)).toBe(false)
  expect(await isPausedBy('http://127.0.0.1:9')).toBe(false)
})

test('waits for a shop that is not up yet, and stops waiting on SIGTERM', slowStart, async () => {
  const baseline = startBaseline([], { API_URL: 'http://127.0.0.1:9' })
  await eventually('it says so', () => expect(baseline.output()).toContain('waiting for the shop'), {
    withinMs: 15_000,
  })
  baseline.child.kill('SIGTERM')
  expect(await baseline.exitCode).toBe(0)
})

test('refuses options it does not know or understand, with exit code 2', slowStart, async () => {
  const refused = [['--rate', 'fast'], ['--rate', '0'], ['--seed', '1.5'], ['--speed', '3'], ['more']]
  const started = refused.map((args) => startBaseline(args, {}))
  expect(await Promise.all(started.map((baseline) => baseline.exitCode))).toEqual([2, 2, 2, 2, 2])
  for (const baseline of started) expect(baseline.output()).toContain('error:')
})

test('refuses a malformed address, naming the variable, with exit code 2', slowStart, async () => {
  const baseline = startBaseline([], { API_URL: 'nowhere' })
  expect(await baseline.exitCode).toBe(2)
  expect(baseline.output()).toContain('API_URL is "nowhere"')
})

test('explains itself', slowStart, async () => {
  const baseline = startBaseline(['--help'], {})
  expect(await baseline.exitCode).toBe(0)
  expect(baseline.output()).toContain('--rate <per-second>')
})

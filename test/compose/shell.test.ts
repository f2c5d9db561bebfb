// Docker and nothing else: a scenario from beginning to end, in the words of the README.
import { execFile } from 'node:child_process'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { eventually } from '../helpers/eventually.ts'
import { untilConclusive } from '../helpers/slow.ts'
import { type Stack, stackWith } from './docker.ts'
import { logql } from './read.ts'

const run = promisify(execFile)
let stack: Stack
let bin: string

beforeAll(async () => {
  bin = await mkdtemp(join(tmpdir(), 'no-node-'))
  const { stdout } = await run('sh', ['-c', 'command -v docker'])
  await symlink(stdout.trim(), join(bin, 'docker'))
  stack = await stackWith(inject('backend'), { path: bin })
})
afterAll(async () => {
  await stack.slow('scenario', 'reset')
  await rm(bin, { recursive: true, force: true })
})

test('arm, follow a slow checkout to its blocking one, reset, verify, audit', { timeout: 900_000 }, async () => {
  const fromMs = Date.now()
  const started = await stack.slow('scenario', 'start', 'hot-product')
  expect(started.code, started.stdout + started.stderr).toBe(0)
  expect(started.stdout).toContain('impact seen')

  expect((await stack.slow('trace', '--slowest')).stdout).toContain('POST /api/checkout')
  // The slowest may be the one that holds up the others: Postgres's lines name those that wait.
  const blocking = await eventually(
    'a checkout that waited names the one that blocked it',
    () => blockerSince(fromMs),
    {
      withinMs: 60_000,
      everyMs: 2_000,
    },
  )
  const other = await stack.slow('trace', blocking)
  expect(other.code, other.stderr).toBe(0)
  expect(other.stdout).toContain('POST /api/checkout')

  expect((await stack.slow('scenario', 'reset')).code).toBe(0)
  const verified = await untilConclusive(
    // Backends and shop share two cores here: fewer checkouts a second, over a longer time.
    () => stack.slow('verify', 'hot-product', '--rate', '12'),
    (ran) => ran.stdout,
  )
  console.log(verified.stdout)
  expect(verified.code, verified.stdout + verified.stderr).toBe(0)
  const audited = await stack.slow('audit')
  expect(audited.code, audited.stdout).toBe(0)
  expect((await stack.slow('fault', 'set', 'no-such-flag', 'x')).code).toBe(2)
})

/** The trace that a waiting checkout's log lines lead to. */
async function blockerSince(fromMs: number): Promise<string> {
  const lines = await logql(stack, '{service_name="postgres"} |= "still waiting for" | trace_id != ""', fromMs)
  let said = 'nobody waits yet'
  for (const { labels } of lines.slice(0, 5)) {
    const { stdout, stderr } = await stack.slow('trace', labels.trace_id ?? '')
    const found = /blocked by trace ([0-9a-f]{32})/.exec(stdout)?.[1]
    if (found !== undefined) return found
    said = stdout.slice(-600) + stderr
  }
  throw new Error(said)
}

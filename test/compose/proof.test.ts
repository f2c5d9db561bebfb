// The proof of a scenario, read from the backends of the stack instead of the viewer.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, inject, test } from 'vitest'
import { untilConclusive } from '../helpers/slow.ts'
import { type Run, root, stackWith } from './docker.ts'
import { tracesPort } from './read.ts'

test('verify --source stack proves hot-product from outside', { timeout: 900_000 }, async () => {
  const stack = await stackWith(inject('backend'))
  const env = {
    ...process.env,
    API_URL: stack.url('API_PORT'),
    WORKSHOP_URL: stack.url('WORKSHOP_PORT'),
    TRACES_URL: stack.url(tracesPort[stack.backend]),
    TRACES_BACKEND: stack.backend,
    PROMETHEUS_URL: stack.url('PROMETHEUS_PORT'),
    LOKI_URL: stack.url('LOKI_PORT'),
  }
  const args = ['services/workshop/cli.ts', 'verify', 'hot-product', '--source', 'stack']
  const verify = (): Promise<Run> =>
    promisify(execFile)(process.execPath, args, { cwd: root, env }).then(
      (ran) => ({ ...ran, code: 0 }),
      (error: Run) => error,
    )
  const { code, stdout, stderr } = await untilConclusive(verify, (ran) => ran.stdout)
  console.log(stdout)
  expect(code, stdout + stderr).toBe(0)
  expect(stdout).toMatch(/^hot-product, seed \d+: held \((\d+) of \1 held\)$/m)
})

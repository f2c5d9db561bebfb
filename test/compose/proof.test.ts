// The command line on the host reads the backends of the stack, where the shell in a container reads them by other names.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, inject, test } from 'vitest'
import { type Run, root, stackWith } from './docker.ts'
import { tracesPort } from './read.ts'

test.each([
  ['every query of a proof', ['verify', 'hot-product', '--paste'], /✓ PromQL/],
  ['the slowest checkout', ['trace', '--slowest'], /POST \/api\/checkout/],
])('%s is answered with --source stack', { timeout: 120_000 }, async (_, args, says) => {
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
  const command = ['services/workshop/cli.ts', ...args, '--source', 'stack']
  const { code, stdout, stderr } = await promisify(execFile)(process.execPath, command, { cwd: root, env }).then(
    (ran) => ({ ...ran, code: 0 }),
    (error: Run) => error,
  )
  expect(code, stdout + stderr).toBe(0)
  expect(stdout).toMatch(says)
})

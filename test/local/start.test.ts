// The command line of `npm start`; what it starts is tested with the lab.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('--help names every option and ends with 0', async () => {
  const { code, output } = await run(['--help'])
  expect(code).toBe(0)
  for (const option of ['--fresh', '--no-traffic', '--dev <service>', 'PORT_BASE=100 npm start'])
    expect(output).toContain(option)
})

test.for([
  [['--dev', 'cart'], {}, /cart.*api, inventory, payment, pricing/],
  [['--loud'], {}, /--loud/],
  [['extra'], {}, /too many arguments/],
  [[], { PORT_BASE: 'x' }, /PORT_BASE is "x"/],
  [[], { OTEL_EXPORTER_OTLP_ENDPOINT: 'nowhere' }, /OTEL_EXPORTER_OTLP_ENDPOINT is "nowhere"/],
] as const)('%j with %j is bad usage, said in a sentence, and ends with 2', async ([args, env, sentence]) => {
  const { code, output } = await run([...args], env)
  expect(output).toMatch(sentence)
  expect(code).toBe(2)
})

function run(args: string[], env: Record<string, string> = {}): Promise<{ code: number; output: string }> {
  const script = join(import.meta.dirname, '../../infra/local/start.ts')
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, output: stdout + stderr }),
    )
  })
}

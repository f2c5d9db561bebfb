// A bench that is stopped by Ctrl-C, as a process of its own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { makeTempFolder } from '../../helpers/temp-folder.ts'

const root = resolve(import.meta.dirname, '../../..')

test('prints and writes what there is, and ends with 130', { timeout: 30_000 }, async () => {
  const json = join(await makeTempFolder(), 'bench.json')
  const args = ['infra/local/bench.ts', '--only', 'viewer', '--json', json]
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'exit')
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (line.startsWith('viewer (about')) child.kill('SIGINT')
  }

  expect((await ended)[0]).toBe(130)
  expect(lines).toContain('viewer        stopped before it was done')
  expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({
    isPartial: true,
    measurements: [{ what: 'viewer', measured: 'stopped before it was done' }],
  })
})

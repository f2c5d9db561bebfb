import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ensureInstalled, stateOf } from '../../infra/local/ensure-installed.mjs'
import { makeTempFolder } from '../helpers/temp-folder.ts'

test('a bare clone is installed once, and said so', async () => {
  const { root, install, installed, said } = await newCheckout()

  ensureInstalled(root, { say: (line) => said.push(line), install })
  ensureInstalled(root, { say: (line) => said.push(line), install })

  expect(installed).toEqual([root])
  expect(said).toEqual(['node_modules is missing: installing from package-lock.json (npm ci)'])
})

test('a lockfile that changed makes node_modules stale', async () => {
  const { root, install, installed } = await newCheckout()
  ensureInstalled(root, { say: () => {}, install })

  await writeFile(join(root, 'package-lock.json'), '{"changed":true}')

  expect(stateOf(root)).toBe('stale')
  ensureInstalled(root, { say: () => {}, install })
  expect(installed).toHaveLength(2)
  expect(stateOf(root)).toBe('fresh')
})

test("npm's own record counts as fresh when it is younger than the lockfile", async () => {
  const { root, lockfile } = await newCheckout()
  await mkdir(join(root, 'node_modules'))
  const record = join(root, 'node_modules', '.package-lock.json')
  await writeFile(record, '{}')

  await utimes(record, 2_000, 2_000)
  await utimes(lockfile, 1_000, 1_000)
  expect(stateOf(root)).toBe('fresh')

  await utimes(lockfile, 3_000, 3_000)
  expect(stateOf(root)).toBe('stale')
})

test('an install that fails is a sentence and leaves the state as it was', async () => {
  const { root } = await newCheckout()
  const fail = () => {
    throw new Error('npm ci failed')
  }

  expect(() => ensureInstalled(root, { say: () => {}, install: fail })).toThrow('npm ci failed')
  expect(stateOf(root)).toBe('missing')
})

test('runs at the same time install once', async () => {
  const { root } = await newCheckout()
  const script = join(import.meta.dirname, '../../infra/local/ensure-installed.mjs')
  const code = `
    import { appendFileSync, mkdirSync } from 'node:fs'
    import { ensureInstalled } from ${JSON.stringify(script)}
    ensureInstalled(${JSON.stringify(root)}, { install: (root) => {
      appendFileSync(root + '/installs', 'x')
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
      mkdirSync(root + '/node_modules')
    } })`
  const runs = [1, 2, 3].map(() => spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' }))

  const codes = await Promise.all(runs.map(async (run) => (await once(run, 'exit'))[0]))

  expect(codes).toEqual([0, 0, 0])
  expect(await readFile(join(root, 'installs'), 'utf8')).toBe('x')
})

async function newCheckout() {
  const root = await makeTempFolder()
  const lockfile = join(root, 'package-lock.json')
  await writeFile(lockfile, '{}')
  const installed: string[] = []
  const install = (folder: string) => {
    installed.push(folder)
    mkdirSync(join(folder, 'node_modules'), { recursive: true })
  }
  return { root, lockfile, installed, install, said: [] as string[] }
}

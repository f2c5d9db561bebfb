// Three proofs running, with other visitors each time; and the proof of the proof: without the change, it fails.
import { execFileSync } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startTestLab } from '../helpers/lab.ts'
import { runSlow } from '../helpers/slow.ts'

test.for([1, 2, 3])('hot-product holds with seed %i', { timeout: 300_000 }, async (seed) => {
  await using lab = await startTestLab({ without: [] })

  const { code, output } = await runSlow(['verify', 'hot-product', '--seed', String(seed)], lab)

  expect(code, output).toBe(0)
})

test('with the flag ignored, one line changed, the proof fails', { timeout: 300_000 }, async () => {
  const checkout = await copyOfTheShop()
  const reserve = join(checkout, 'services/inventory/reserve.ts')
  const text = await readFile(reserve, 'utf8')
  const mutated = text.replace(
    'variants[flags.pick(reservationLocking, about)]',
    "variants[flags.pick(reservationLocking, about) && 'narrow']",
  )
  expect(mutated).not.toBe(text)
  await writeFile(reserve, mutated)
  await using lab = await startTestLab({ without: [], root: checkout })

  const { code, output } = await runSlow(['verify', 'hot-product', '--seed', '1', '--window', '21'], lab)

  expect(code, output).toBe(1)
})

/** The sources as they are now, the packages by a link. */
async function copyOfTheShop(): Promise<string> {
  const root = resolve(import.meta.dirname, '../..')
  const copy = await mkdtemp(join(tmpdir(), 'slow-sometimes-copy-'))
  onTestFinished(() => rm(copy, { recursive: true, force: true }))
  execFileSync('chmod', ['755', copy])
  for (const name of ['services', 'loadtest', 'infra', 'package.json'])
    await cp(join(root, name), join(copy, name), { recursive: true })
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

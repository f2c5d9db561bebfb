// Three proofs running, with other visitors each time; and the proof of the proof: without the change, it fails.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { copyOfCheckout } from '../helpers/checkout-copy.ts'
import { startTestLab } from '../helpers/lab.ts'
import { proved } from '../helpers/slow.ts'

test.for([1, 2, 3])('hot-product holds with seed %i', { timeout: 480_000 }, async (seed) => {
  await using lab = await startTestLab({ without: [] })

  const { code, output } = await proved(['hot-product', '--seed', String(seed)], lab)

  expect(code, output).toBe(0)
})

test('with the flag ignored, one line changed, the proof fails', { timeout: 480_000 }, async () => {
  const checkout = await copyOfCheckout()
  const reserve = join(checkout, 'services/inventory/reserve.ts')
  const text = await readFile(reserve, 'utf8')
  const mutated = text.replace(
    'variants[flags.pick(reservationLocking, about)]',
    "variants[flags.pick(reservationLocking, about) && 'narrow']",
  )
  expect(mutated).not.toBe(text)
  await writeFile(reserve, mutated)
  await using lab = await startTestLab({ without: [], root: checkout })

  const { code, output } = await proved(['hot-product', '--seed', '1'], lab)

  expect(code, output).toBe(1)
})

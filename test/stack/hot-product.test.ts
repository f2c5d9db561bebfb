// The scenario that everything else is built around, proved as a person proves it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestLab, type TestLab } from '../helpers/lab.ts'
import { proved } from '../helpers/slow.ts'

let lab: TestLab

beforeAll(async () => {
  lab = await startTestLab({ without: [] })
})
afterAll(() => lab?.[Symbol.asyncDispose]())

test('hot-product: nothing when calm, every symptom while armed, nothing after reset', {
  timeout: 420_000,
}, async () => {
  const { code, output } = await proved(['hot-product', '--seed', '7', '--window', '21'], lab)

  expect(code, output).toBe(0)
})

test('the books agree after it', async () => {
  expect((await lab.audit()).violations).toEqual([])
})

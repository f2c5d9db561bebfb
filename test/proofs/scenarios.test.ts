// One scenario of each family, and one in which nothing happens, proved as a person proves them; and the books agree throughout.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestLab, type TestLab } from '../helpers/lab.ts'
import { proved } from '../helpers/slow.ts'

/** `hot-product`, the family of locks and pools, has a file of its own, with more seeds. */
const byFamily = {
  'the classic picture': 'anatomy',
  'an event loop': 'frozen-moments',
  'a cache': 'sawtooth',
  'a third party': 'one-issuer',
  'a queue': 'elsewhere',
}

let lab: TestLab

beforeAll(async () => {
  lab = await startTestLab({ without: [] })
})
afterAll(() => lab?.[Symbol.asyncDispose]())

test.for(Object.entries(byFamily))('%s: %s holds', { timeout: 480_000 }, async ([, id]) => {
  const { code, output } = await proved([id, '--window', '21'], lab)

  expect(code, output).toBe(0)
  expect((await lab.audit()).violations).toEqual([])
})

test('of calm the verdict is that nothing is wrong', { timeout: 480_000 }, async () => {
  const { code, output } = await proved(['calm', '--window', '21'], lab)

  expect(code, output).toBe(0)
  expect(output).toContain('calm, seed 1: held: nothing is wrong')
})

test('what people would do about it leaves the slow checkouts, and what is right ends them', {
  timeout: 480_000,
}, async () => {
  const { code, output } = await proved(['anatomy', '--fixes', '--window', '21'], lab)

  expect(code, output).toBe(0)
})

// One scenario of each family, and one in which nothing happens, proved as a person proves them; and the books agree throughout.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { palette } from '../../services/lens/text.ts'
import { whyText } from '../../services/lens/why/text.ts'
import { why } from '../../services/lens/why/why.ts'
import { loadRecording } from '../../services/workshop/recording.ts'
import { scenarioNamed } from '../../services/workshop/scenarios/index.ts'
import { startTestLab, type TestLab } from '../helpers/lab.ts'
import { proved } from '../helpers/slow.ts'
import { makeTempFolder } from '../helpers/temp-folder.ts'

/** `hot-product`, the family of locks and pools, has a file of its own, with more seeds. */
const byFamily = {
  'the classic picture': 'anatomy',
  'an event loop': 'frozen-moments',
  'a cache': 'sawtooth',
  'a third party': 'one-issuer',
  'a queue': 'elsewhere',
}

const plainLayout = { columns: 120, paint: palette(false), traceUrl: (id: string) => id }

let lab: TestLab

beforeAll(async () => {
  lab = await startTestLab({ without: [] })
})
afterAll(() => lab?.[Symbol.asyncDispose]())

test.for(Object.entries(byFamily))('%s: %s holds', { timeout: 480_000 }, async ([, id]) => {
  const recording = join(await makeTempFolder(), `${id}.json.gz`)
  const { code, output } = await proved([id, '--record', recording], lab)

  expect(code, output).toBe(0)
  expect((await lab.audit()).violations).toEqual([])
  await expectExplained(id, recording)
})

/** Whoever does not know the answer is told it first, from the same telemetry. */
async function expectExplained(id: string, recording: string): Promise<void> {
  const report = why((await loadRecording(recording)).windows.armed)
  const { component, kind } = scenarioNamed(id).truth
  expect(report.conclusion, whyText(report, plainLayout)).toBe('explained')
  expect(report.hypotheses[0], whyText(report, plainLayout)).toMatchObject({ component, mechanism: kind })
}

test('of calm the verdict is that nothing is wrong', { timeout: 480_000 }, async () => {
  const { code, output } = await proved(['calm'], lab)

  expect(code, output).toBe(0)
  expect(output).toContain('calm, seed 1: held: nothing is wrong')
})

test('what people would do about it leaves the slow checkouts, and what is right ends them', {
  timeout: 480_000,
}, async () => {
  const { code, output } = await proved(['anatomy', '--fixes'], lab)

  expect(code, output).toBe(0)
})

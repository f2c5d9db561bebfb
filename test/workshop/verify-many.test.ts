// Several proofs in one go: which are planned, how they are summed up, and what a machine gets to read.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { palette } from '../../services/lens/text.ts'
import { plannedRuns } from '../../services/workshop/cli/planned-runs.ts'
import { evidenceAfterMs } from '../../services/workshop/evidence-after.ts'
import { proofOf } from '../../services/workshop/proof.ts'
import { proofJson, proofsJson } from '../../services/workshop/proof-json.ts'
import { saveRecording } from '../../services/workshop/recording.ts'
import { calm } from '../../services/workshop/scenarios/calm.ts'
import { hotProduct } from '../../services/workshop/scenarios/hot-product.ts'
import { oneIssuer } from '../../services/workshop/scenarios/one-issuer.ts'
import { brokenLine, lineOf, overallOf, summaryTable } from '../../services/workshop/summary-table.ts'
import { armedMix, calmMix, windowOf } from '../helpers/hot-product.ts'
import { observedWindow, recordingOf } from '../helpers/hot-product-recording.ts'
import { runSlow } from '../helpers/run-slow.ts'
import { makeTempFolder } from '../helpers/temp-folder.ts'

const quiet = recordingOf({ armed: observedWindow(calmMix) })
const late = recordingOf({ calm: observedWindow(calmMix, 0, { startLagP99Ms: 200 }) })

/** A folder as `--record` leaves one: two seeds of an incident, one of a control. */
async function recordings(): Promise<string> {
  const folder = await makeTempFolder()
  await saveRecording(join(folder, 'hot-product-7.json.gz'), recordingOf())
  await saveRecording(join(folder, 'hot-product-8.json'), { ...recordingOf(), seed: 8 })
  await saveRecording(join(folder, 'calm-7.json.gz'), { ...quiet, scenario: 'calm' })
  await writeFile(join(folder, 'notes.txt'), 'not a recording')
  return folder
}

test('a folder of recordings is judged as a whole, with one line each and a summary', async () => {
  const folder = await recordings()
  const json = join(folder, 'verdicts.json')
  const { code, stdout } = await runSlow(['verify', '--all', '--replay', folder, '--json', json])
  expect(stdout).toMatch(/^\[1\/3\] hot-product, seed 7$/m)
  expect(stdout).toMatch(/^hot-product, seed 8: held \(12 of 12 held\)$/m)
  expect(stdout).toMatch(/^calm, seed 7: held: nothing is wrong \(7 of 7 held\)$/m)
  expect(stdout).toMatch(/^3 proofs: 3 held$/m)
  expect(stdout).toMatch(/^the loudest service is not the culprit in 0 of 1 scenarios$/m)
  // Every scenario was asked for, and the folder has two of them.
  expect(stdout).toMatch(/ has no recording of .*\bone-issuer, /)
  expect(code).toBe(3)
  const written = JSON.parse(await readFile(json, 'utf8'))
  expect(written).toMatchObject({
    state: 'inconclusive',
    runs: [
      {
        scenario: 'hot-product',
        seed: 7,
        state: 'held',
        explanation: { withoutChange: 'failed', isLoudestCulprit: true },
      },
      { scenario: 'hot-product', seed: 8 },
      { scenario: 'calm', explanation: { impact: { slow: 0 } } },
    ],
  })
})

test.each([
  [['verify', '--all'], { seeds: [7], expected: ['hot-product-7', 'calm-7'] }],
  [['verify', 'hot-product'], { seeds: undefined, expected: ['hot-product-7', 'hot-product-8'] }],
  [['verify', 'hot-product'], { seeds: [8, 9], expected: ['hot-product-8'] }],
])('of a folder, what %j asks for is replayed', async ([, id], { seeds, expected }) => {
  const which = id === '--all' ? [hotProduct, oneIssuer, calm] : [hotProduct]
  const asked = { all: id === '--all', replay: await recordings(), ...(seeds === undefined ? {} : { seed: seeds }) }
  const runs = await plannedRuns(which, asked)
  expect(runs.map(({ scenario, seed }) => `${scenario.id}-${seed}`)).toEqual(expected)
})

test('several are recorded into a folder that is made for them, a single one into a file', async () => {
  const folder = join(await makeTempFolder(), 'new')
  const several = await plannedRuns([hotProduct, calm], { all: true, seed: [1, 2], record: folder })
  expect(several.map(({ record }) => record)).toEqual(
    ['hot-product-1', 'hot-product-2', 'calm-1', 'calm-2'].map((name) => join(folder, `${name}.json.gz`)),
  )
  expect(await readdir(folder)).toEqual([])
  expect(await plannedRuns([calm], { all: false, record: 'a.json' })).toEqual([
    { scenario: calm, seed: 1, record: 'a.json' },
  ])
})

test.each([
  [['verify'], /Expected the id of a scenario or --all, one of them/],
  [['verify', 'calm', '--all'], /one of them/],
  [['verify', 'calm', '--seed', '1,x'], /Expected a whole number/],
  [['verify', '--all', '--replay', 'package.json'], /package\.json is no folder: several recordings are read from one/],
  [['verify', 'one-issuer', '--replay', 'test/lens'], /test\/lens has no recording of what was asked for/],
  [['verify', 'calm', '--fixes'], /there is nothing to try/],
  [['verify', 'calm', '--fixes', '--record', 'x'], /cannot be used with option '--record/],
  [['verify', 'calm', '--replay', 'x', '--window', '30'], /cannot be used with option '--window/],
])('%j ends with 2 and a sentence', async (args, says) => {
  expect(await runSlow(args)).toMatchObject({ code: 2, stderr: expect.stringMatching(says) })
})

test('a recording that cannot be read is a failure among others, which are judged all the same', async () => {
  const folder = await recordings()
  await mkdir(join(folder, 'hot-product-1.json'))
  const { code, stdout } = await runSlow(['verify', 'hot-product', '--replay', folder])
  expect(code).toBe(1)
  expect(stdout).toMatch(/^hot-product +1 .*hot-product-1\.json cannot be read/m)
  expect(stdout).toMatch(/^3 proofs: 2 held, 1 failed$/m)
})

test('the summary tells of each proof what matters, in columns', () => {
  const lines = [
    lineOf(proofOf(hotProduct, recordingOf())),
    lineOf(proofOf(hotProduct, quiet)),
    lineOf(proofOf(hotProduct, late)),
    lineOf(proofOf(calm, quiet)),
    brokenLine(oneIssuer, 7, 'The workshop cannot be reached.'),
  ]
  const [head = '', ...rows] = summaryTable(lines, palette(false)).split('\n')
  expect(head.split(/ {2,}/)).toEqual([
    ...['scenario', 'seed', 'p50', 'slow (95 %)', 'symptoms', 'alibis', 'evidence', 'most time', 'tells apart'],
    ...['loudest', 'verdict'],
  ])
  expect(rows.slice(0, 5).map((row) => row.split(/ {2,}/))).toEqual([
    [
      'hot-product',
      '7',
      '1.00×',
      '6.4 % (4.4–9.0)',
      '8/8',
      '4/4',
      expect.stringMatching(/^\d+ s$/),
      '✓',
      '✓',
      'inventory 15.6× culprit',
      'held',
    ],
    ['hot-product', '7', '1.00×', '0.0 % (0.0–0.9)', '0/8', '4/4', '–', '✗', '✗', expect.any(String), 'failed'],
    expect.arrayContaining(['inconclusive']),
    ['calm', '7', '1.00×', '0.0 % (0.0–0.9)', '0/0', '7/7', '–', '–', '–', 'inventory 1.0×', 'held: nothing is wrong'],
    ['one-issuer', '7', ...Array(8).fill('–'), 'The workshop cannot be reached.'],
  ])
  expect(rows).toContain('5 proofs: 2 held, 2 failed, 1 inconclusive')
})

test('together they are held only if each is', () => {
  const of = (...states: ('held' | 'failed' | 'inconclusive')[]) => overallOf(states.map((state) => ({ state })))
  expect([of('held', 'held'), of('held', 'inconclusive'), of('inconclusive', 'failed'), of()]).toEqual([
    ...['held', 'inconclusive', 'failed', 'inconclusive'],
  ])
})

test('for a machine, what was stopped half-way is not held', () => {
  const done = proofJson(proofOf(hotProduct, recordingOf()))
  const stateOf = (planned: number) => JSON.parse(proofsJson([done], planned)).state
  expect([stateOf(1), stateOf(2)]).toEqual(['held', 'inconclusive'])
})

test('evidence counts from when every symptom holds on what there is by then, and has arrived', () => {
  const { calm: before } = recordingOf().windows
  /** All slow checkouts come from this second on, the others evenly before. */
  const armedFrom = (second: number, lagMs: number) => {
    const window = { ...observedWindow(armedMix, 2), lagMs }
    const samples = window.samples.map((sample, i) => ({
      ...sample,
      startMs: sample.latencyMs > 500 ? second * 1000 : (i % 20) * 1000,
    }))
    return { ...window, samples }
  }
  const after = (second: number, lagMs: number) =>
    evidenceAfterMs(hotProduct, {
      ...recordingOf(),
      windows: { calm: before, armed: armedFrom(second, lagMs), reset: before },
    })
  expect(after(6, 0)).toBeGreaterThanOrEqual(6_000)
  expect(after(6, 0)).toBeLessThan(9_000)
  expect(after(12, 0)).toBeGreaterThanOrEqual(12_000)
  expect(after(6, 2_500)).toBe((after(6, 0) ?? 0) + 2_500)
  expect(evidenceAfterMs(hotProduct, quiet)).toBeUndefined()
  expect(evidenceAfterMs(calm, quiet)).toBeUndefined()
  expect(windowOf(armedMix).window.toMs).toBe(20_000)
})

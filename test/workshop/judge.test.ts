import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { palette } from '../../services/lens/text.ts'
import { judge } from '../../services/workshop/judge.ts'
import { proofOf } from '../../services/workshop/proof.ts'
import { loadRecording, saveRecording } from '../../services/workshop/recording.ts'
import { hotProduct } from '../../services/workshop/scenarios/hot-product.ts'
import { verdictTable } from '../../services/workshop/verdict-table.ts'
import { armedMix, calmMix } from '../helpers/hot-product.ts'
import { observedWindow, recordingOf } from '../helpers/hot-product-recording.ts'
import { makeTempFolder } from '../helpers/temp-folder.ts'

test('hot-product is held when the windows are as its arithmetic predicts', () => {
  const { state, rows, doubts } = judge(hotProduct, recordingOf())
  expect(rows.filter((row) => row.state !== 'held')).toEqual([])
  expect({ state, doubts }).toEqual({ state: 'held', doubts: [] })
  expect(new Set(rows.map(({ pillar }) => pillar))).toEqual(new Set(['metrics', 'traces', 'logs']))
})

test('hot-product fails in every symptom when its change was not applied', () => {
  const { state, rows } = judge(hotProduct, recordingOf({ armed: observedWindow(calmMix) }))
  expect(state).toBe('failed')
  expect(rows.filter(({ role, state }) => role === 'symptom' && state !== 'failed')).toEqual([])
})

test('hot-product fails when the reset changed nothing', () => {
  expect(judge(hotProduct, recordingOf({ reset: observedWindow(armedMix, 2) })).state).toBe('failed')
})

const slowed = (factor: number, window = observedWindow(calmMix)) => {
  return { ...window, samples: window.samples.map((sample) => ({ ...sample, latencyMs: sample.latencyMs * factor })) }
}

test.each([
  [
    'a late driver',
    recordingOf({ armed: observedWindow(armedMix, 2, { startLagP99Ms: 80 }) }),
    /^armed: the driver was late/,
  ],
  [
    'too few checkouts',
    recordingOf({ calm: observedWindow(calmMix, 0, { arrivals: 300 }) }),
    /^calm: 300 checkouts were answered/,
  ],
  [
    'unanswered checkouts',
    recordingOf({ reset: observedWindow(calmMix, 0, { unanswered: 30 }) }),
    /^reset: 30 of 440 .* not answered/,
  ],
  [
    'server errors',
    recordingOf({ armed: observedWindow(armedMix, 2, { failed: 30 }) }),
    /^armed: 30 of 440 .* server error/,
  ],
  [
    'missing traces',
    recordingOf({ armed: observedWindow(armedMix, 2, { tracesMissing: 30 }) }),
    /^armed: 30 of 440 traces/,
  ],
  [
    'a calm window that was not calm',
    recordingOf({ calm: observedWindow(armedMix) }),
    /^calm: 6.4 % of checkouts were slow/,
  ],
  ['a machine that is slow when calm', recordingOf({ calm: slowed(2) }), /^calm: the machine was slow: median/],
  ['a machine that is slow after the reset', recordingOf({ reset: slowed(6) }), /^reset: the machine was slow: median/],
])('%s makes the verdict inconclusive, whatever held or failed', (_, recording, doubt) => {
  const { state, doubts } = judge(hotProduct, recording)
  expect(state).toBe('inconclusive')
  expect(doubts).toContainEqual(expect.stringMatching(doubt))
})

test.each(['recording.json', 'recording.json.gz'])('%s is judged as what was recorded', async (name) => {
  const file = join(await makeTempFolder(), name)
  const recording = recordingOf()
  await saveRecording(file, recording)
  const loaded = await loadRecording(file)
  expect(loaded).toEqual(recording)
  expect(judge(hotProduct, loaded)).toEqual(judge(hotProduct, recording))
})

test('a file that is missing or is no recording is named in a sentence', async () => {
  const file = join(await makeTempFolder(), 'other.json')
  await expect(loadRecording(file)).rejects.toThrow(/^The recording .*other\.json cannot be read/)
  for (const text of ['{"version":2}', 'no JSON']) {
    await writeFile(file, text)
    await expect(loadRecording(file)).rejects.toThrow(/other\.json is not a recording of this version/)
  }
})

const busy = { startLagP99Ms: 20 }

test('what failed on a busy machine is inconclusive, and what held there is held', () => {
  const failing = recordingOf({ reset: observedWindow(armedMix, 2, busy) })
  expect(judge(hotProduct, failing)).toMatchObject({
    state: 'inconclusive',
    doubts: [expect.stringMatching(/^reset: the machine was busy/)],
  })
  expect(judge(hotProduct, recordingOf({ armed: observedWindow(armedMix, 2, busy) })).state).toBe('held')
})

test('what failed on a machine that is rather slow is inconclusive, and what held there is held', () => {
  const both = { calm: slowed(1.4), reset: slowed(1.4) }
  const armed = observedWindow(armedMix, 2)
  expect(judge(hotProduct, recordingOf({ ...both, armed: slowed(1.4, armed) }))).toMatchObject({
    state: 'held',
    doubts: [],
  })
  const doubts = ['calm', 'reset'].map((name) => expect.stringMatching(`^${name}: the machine was slow: .* 100 ms`))
  expect(judge(hotProduct, recordingOf({ ...both, armed: slowed(2, armed) }))).toMatchObject({
    state: 'inconclusive',
    doubts,
  })
})

test('a change that was not applied fails on a busy machine as well', () => {
  const { state, doubts } = judge(hotProduct, recordingOf({ armed: observedWindow(calmMix, 0, busy) }))
  expect({ state, doubts }).toEqual({ state: 'failed', doubts: [] })
})

const layout = { paint: palette(false), viewerUrl: new URL('http://127.0.0.1:4318') }

test('the table says what held, with its numbers, and how to see it', () => {
  const recording = recordingOf()
  const text = verdictTable(proofOf(hotProduct, recording), { ...layout, columns: 110 })
  expect(text).toMatch(/^armed {2}440 checkouts · median \d+ ms · 6\.4 % slow/m)
  expect(text).toMatch(/^✓ a few checkouts are slow, the median is not \(metrics\) +false +true +false$/m)
  expect(text).toMatch(/^✓ pricing does its own work .* \(traces, alibi\) +true +true +true$/m)
  expect(text).toMatch(/^most time +inventory pg\.query:SELECT shop in 20 of 28 slow checkouts$/m)
  expect(text).toMatch(/^loudest +inventory [\d.]+×, .* inventory is the$/m)
  expect(text).toMatch(/^counter-proof .*: failed$/m)
  expect(text).toContain('http://localhost:4318/?service=api&route=POST+%2Fapi%2Fcheckout')
  for (const language of ['PromQL', 'TraceQL', 'LogQL']) expect(text).toMatch(new RegExp(`^ {4}${language} `, 'm'))
  expect(text).toMatch(/hot-product, seed 7: held \(12 of 12 held\)$/)
})

test.each([60, 80, 200])('at %d columns no line but a query is wider', (columns) => {
  const recording = recordingOf({ armed: observedWindow(calmMix, 0, { startLagP99Ms: 90 }) })
  const text = verdictTable(proofOf(hotProduct, recording), { ...layout, columns })
  const [table = ''] = text.split('See it yourself')
  expect(table.split('\n').filter((line) => [...line].length > columns)).toEqual([])
  expect(text).toMatch(/inconclusive \(4 of 12 held, 1 doubt\)$/)
})

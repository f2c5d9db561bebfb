// What every scenario has to have, and that its proof can fail: with the change not applied, it does.
import { expect, test } from 'vitest'
import { judge, judgeWithoutChange } from '../../services/workshop/judge.ts'
import type { Recording } from '../../services/workshop/recording.ts'
import { alibisOf, evidenceOf, type Scenario, symptomsOf } from '../../services/workshop/scenario.ts'
import { scenarios } from '../../services/workshop/scenarios/index.ts'
import { flagNamed, settingFor } from '../../services/workshop/settings.ts'
import { shopFlags } from '../../services/workshop/shop-flags.ts'
import { calmMix } from '../helpers/hot-product.ts'
import { observedWindow, recordingOf } from '../helpers/hot-product-recording.ts'

const named = (list: readonly Scenario[]) => list.map((scenario) => ({ id: scenario.id, scenario }))
const incidents = scenarios.filter(({ control }) => control === undefined)
const eventful = scenarios.filter(({ control }) => control !== 'nothing')

/** A recording in which the change was never applied: nobody was slow while armed. */
const withoutChange = (): Recording => recordingOf({ armed: observedWindow(calmMix) })

test.for(named(eventful))('the proof of $id fails when its change was not applied', ({ scenario }) => {
  const { state, rows } = judge(scenario, withoutChange())
  expect(state).toBe('failed')
  expect(rows.filter((row) => row.role === 'symptom' && row.state === 'held')).toEqual([])
  expect(judgeWithoutChange(scenario, recordingOf()).state).toBe('failed')
})

test.for(named(scenarios.filter(({ control }) => control !== undefined)))(
  'the control $id fails when something is really wrong',
  ({ scenario }) => {
    expect(judge(scenario, recordingOf()).state).toBe('failed')
  },
)

test.for(named(incidents))(
  '$id explains where the time of its slow checkouts goes, and what tells them apart',
  ({ scenario }) => {
    const topics = symptomsOf(scenario).map(({ topic }) => topic)
    expect(topics).toEqual(expect.arrayContaining(['impact', 'contributor', 'discriminator']))
    expect(scenario.truth.path.length).toBeGreaterThan(1)
    expect(scenario.arithmetic).toMatch(/\d/)
  },
)

test.for(named(incidents))('$id has a decoy, hints, wrong fixes and alibis', ({ scenario }) => {
  expect(scenario.decoy?.paste({ fromMs: 0, toMs: 30_000 }).length).toBeGreaterThan(0)
  expect(scenario.hints.length).toBeGreaterThanOrEqual(3)
  expect(scenario.wrongFixes.length).toBeGreaterThanOrEqual(2)
  expect(alibisOf(scenario).length).toBeGreaterThan(0)
})

test.for(named(scenarios))(
  'every piece of evidence of $id can be pasted, and says another thing than the others',
  ({ scenario }) => {
    const evidence = evidenceOf(scenario)
    expect(new Set(evidence.map(({ says }) => says)).size).toBe(evidence.length)
    for (const { says, paste } of evidence) expect(paste({ fromMs: 0, toMs: 30_000 }).length, says).toBeGreaterThan(0)
  },
)

test.for(named(scenarios))('everything that $id sets can be set', ({ scenario }) => {
  const { arm, wrongFixes, rightFix } = scenario
  const settings = [...arm, ...wrongFixes.flatMap(({ set }) => set ?? []), ...(rightFix?.set ?? [])]
  for (const { flag, ...asked } of settings) settingFor(flagNamed(flag, shopFlags), asked, Date.now())
})

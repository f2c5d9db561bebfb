// What an answer is worth: for every scenario the right one is worth all, and each wrong part costs its own points and no others.
import { describe, expect, test } from 'vitest'
import { attributes, metrics } from '../../services/kit/telemetry/names.ts'
import type { LogLine, Series } from '../../services/lens/source.ts'
import type { Answer } from '../../services/workshop/drills/answer.ts'
import { checkLog, checkMetric, checkTrace } from '../../services/workshop/drills/evidence.ts'
import { type Facts, grade, type Part, scoreOf } from '../../services/workshop/drills/grade.ts'
import { parseMetric } from '../../services/workshop/drills/metric-text.ts'
import type { Scenario } from '../../services/workshop/scenario.ts'
import { scenarioNamed, scenarios } from '../../services/workshop/scenarios/index.ts'
import { logLine, traceIdOf } from '../helpers/traces.ts'
import { slowBank, windowWith } from '../helpers/why-windows.ts'

const armedAtMs = Date.parse('2026-11-28T14:02:00Z')
const good = { isGood: true, says: 'it shows it' }
const bad = { isGood: false, says: 'it shows nothing' }

const factsOf = ({ truth, rightFix }: Scenario): Facts => ({
  truth,
  armedAtMs,
  ...(rightFix === undefined ? {} : { rightFix: 2 }),
  evidence: { trace: good, metric: good, log: good },
})

function rightAnswer({ truth, rightFix }: Scenario): Answer {
  const { discriminator } = truth
  return {
    components: [truth.component as Answer['components'][number]],
    mechanism: truth.kind,
    discriminator:
      'nothing' in discriminator
        ? { nothing: discriminator.nothing }
        : { key: discriminator.key, ...(discriminator.value === undefined ? {} : { value: discriminator.value }) },
    onset: '2026-11-28T14:02:10Z',
    ...(rightFix === undefined ? {} : { fix: 2 }),
    evidence: {},
  }
}

const faulty = scenarios.filter(({ truth }) => truth.kind !== 'none')

test.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
  '%s, answered rightly, is worth all',
  (_, scenario) => {
    const { points, of, isRight, marks } = grade(rightAnswer(scenario), factsOf(scenario))
    expect(points, JSON.stringify(marks)).toBe(of)
    expect(isRight).toBe(true)
  },
)

describe.each(faulty.map((scenario) => [scenario.id, scenario] as const))('%s', (_, scenario) => {
  const right = rightAnswer(scenario)
  const facts = factsOf(scenario)
  const wrong: [Part, Answer, Facts][] = [
    ['component', { ...right, components: [scenario.truth.component === 'api' ? 'erp' : 'api'] }, facts],
    ['mechanism', { ...right, mechanism: scenario.truth.kind === 'own-work' ? 'retries' : 'own-work' }, facts],
    ['discriminator', { ...right, discriminator: { key: 'shop.none', value: 'x' } }, facts],
    ['onset', { ...right, onset: '2026-11-28T13:50:00Z' }, facts],
    ...(scenario.rightFix === undefined ? [] : [['fix', { ...right, fix: 1 }, facts] as [Part, Answer, Facts]]),
    ...(['trace', 'metric', 'log'] as const).map((part): [Part, Answer, Facts] => [
      part,
      right,
      { ...facts, evidence: { ...facts.evidence, [part]: bad } },
    ]),
  ]

  test.each(wrong)('%s alone wrong costs its points and no others', (part, answer, itsFacts) => {
    const { marks } = grade(answer, itsFacts)
    expect(marks.filter(({ points, of }) => points < of).map((mark) => mark.part)).toEqual([part])
    expect(marks.find((mark) => mark.part === part)?.points).toBe(0)
  })

  test('"nothing is wrong" is worth nothing', () => {
    expect(grade({ components: ['none'], mechanism: 'none', evidence: {} }, facts).points).toBe(0)
  })
})

test('of calm any fault is worth nothing', () => {
  expect(grade(rightAnswer(scenarioNamed('anatomy')), factsOf(scenarioNamed('calm')))).toMatchObject({
    points: 0,
    isRight: false,
  })
})

test('who names several components has a part of the points', () => {
  const scenario = scenarioNamed('hot-product')
  const marksOf = (components: Answer['components']) =>
    grade({ ...rightAnswer(scenario), components }, factsOf(scenario)).marks.find(({ part }) => part === 'component')
  expect(marksOf(['inventory', 'pricing'])).toMatchObject({ points: 12.5, says: 'one of the 2 that you named' })
  expect(marksOf(['inventory', 'inventory'])).toMatchObject({ points: 25 })
  expect(marksOf(['api', 'bank'])).toMatchObject({ points: 0 })
})

test('wrong answers, hints and time have their price, and a score is never below 0', () => {
  const all = { points: 100, of: 100 }
  expect(scoreOf(all, { wrongAnswers: 0, hints: 0, minutes: 0 })).toBe(100)
  expect(scoreOf(all, { wrongAnswers: 1, hints: 2, minutes: 0 })).toBe(74)
  expect(scoreOf(all, { wrongAnswers: 0, hints: 0, minutes: 15 })).toBe(85)
  expect(scoreOf(all, { wrongAnswers: 0, hints: 0, minutes: 600 })).toBe(70)
  expect(scoreOf({ points: 10, of: 100 }, { wrongAnswers: 3, hints: 0, minutes: 0 })).toBe(0)
})

describe('a trace', () => {
  const looked = windowWith(slowBank)
  const truth = { component: 'bank', kind: 'slow-answer' } as const

  test('that is slow and looks like it is good', () => {
    expect(checkTrace(traceIdOf(1_001), looked, truth)).toEqual({ isGood: true, says: 'it is slow, and shows it' })
  })

  test.each([
    ['made up', 'f'.repeat(32), /is no checkout of this incident/],
    ['fast', traceIdOf(1), /that checkout took 80 ms: it is not slow/],
  ])('that is %s shows nothing', (_, traceId, says) => {
    expect(checkTrace(traceId, looked, truth)).toMatchObject({ isGood: false, says: expect.stringMatching(says) })
  })

  test('that is slow for another reason shows nothing', () => {
    const other = { component: 'inventory', kind: 'row-lock' } as const
    expect(checkTrace(traceIdOf(1_001), looked, other)).toEqual({
      isGood: false,
      says: 'it is slow, but for another reason',
    })
  })
})

describe('a metric', () => {
  const text = 'shop.db.pool.waiting{service.name="inventory"}'
  const seriesOf = (...values: number[]): Series[] => [
    { metric: metrics.poolWaiting, labels: {}, points: values.map((value, i) => ({ atMs: i, value })) },
  ]

  test.each([
    ['was not there before', [], [0, 3, 5, 4], true],
    ['is far higher', [1, 1, 2], [4, 6, 5], true],
    ['grew with the load', [10, 11, 10], [20, 22, 21], false],
    ['stayed as it was', [1, 1, 1], [1, 1, 1], false],
    ['is not there', [], [], false],
  ])('that %s: %j before, %j since', (_, before, since, isGood) => {
    expect(checkMetric(text, seriesOf(...before), seriesOf(...since)).isGood).toBe(isGood)
  })

  test('of which one series is far higher is good, whatever the others do', () => {
    const named = (issuer: string, ...values: number[]): Series[] =>
      seriesOf(...values).map((one) => ({ ...one, labels: { [attributes.issuer]: issuer } }))
    const before = [...named('a', 1, 1, 1), ...named('b', 1, 1, 1)]
    expect(checkMetric(text, before, [...named('a', 1, 1, 1), ...named('b', 9, 9, 9)]).isGood).toBe(true)
  })

  test('is read with its labels', () => {
    expect(parseMetric(text)).toEqual({ metric: 'shop.db.pool.waiting', labels: { 'service.name': 'inventory' } })
    expect(parseMetric('a.b')).toEqual({ metric: 'a.b', labels: {} })
    for (const not of ['', 'a b', 'a{b}', 'a{b="c"', 'sum(rate(a[1m]))']) expect(parseMetric(not)).toBeUndefined()
  })
})

describe('lines', () => {
  const waited = (traceId: string): LogLine[] => [logLine(0, 'waited 600 ms', { service: 'payment', traceId })]
  const asked = { service: 'payment', contains: 'waited' }

  test('of slow checkouts alone are good', () => {
    expect(checkLog(asked, windowWith(slowBank, { logs: waited }), [])).toEqual({
      isGood: true,
      says: '100 % of the slow checkouts have such a line and 0.0 % of the fast ones',
    })
  })

  test('of everybody show nothing, and neither do those that are not there', () => {
    const looked = windowWith(slowBank, { logs: waited })
    const everybody = looked.samples.flatMap(({ traceId = '' }) => waited(traceId))
    expect(checkLog(asked, { ...looked, logs: everybody }, [])).toMatchObject({ isGood: false })
    expect(checkLog({ ...asked, contains: 'unheard of' }, looked, [])).toEqual({
      isGood: false,
      says: '0 lines of payment contain "unheard of"',
    })
  })

  test('without a trace are good when they are new', () => {
    const untraced = Array.from({ length: 8 }, () =>
      logLine(0, `waited for its turn`, { service: 'payment', attributes: { [attributes.orderId]: 'x' } }),
    )
    const looked = { ...windowWith(slowBank), logs: untraced }
    expect(checkLog(asked, looked, [])).toMatchObject({ isGood: true })
    expect(checkLog(asked, looked, untraced)).toMatchObject({ isGood: false })
  })
})

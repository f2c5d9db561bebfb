// Every panel has something to show: each query of each dashboard, asked of the real backends, while all is calm. Those that
// are rightly empty then are listed, and asked again during an incident.
import { beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { alerts } from '../../grafana/alerts/index.ts'
import { answersTo, json, type Question, questionsOf } from '../../grafana/ask.ts'
import { askedBy } from '../../grafana/asked.ts'
import { dashboards, promQlOf } from '../../grafana/dashboards.ts'
import { foreignMetrics } from '../../grafana/foreign-metrics.ts'
import { metricsIn } from '../../grafana/promql.ts'
import { sources } from '../../grafana/sources.ts'
import { scenarioNamed } from '../../services/workshop/scenarios/index.ts'
import { eventually } from '../helpers/eventually.ts'
import { bornOfEvents } from './born-of-events.ts'
import { type Stack, stackWith } from './docker.ts'
import { aboveZeroWhenCalm, emptyWhenCalm, zeroWhenCalm } from './empty-when-calm.ts'
import { backendsOf, canBeAsked, lately, peakOf } from './read.ts'
import { firingAlerts } from './sightings/alerts.ts'

let stack: Stack
beforeAll(async () => {
  stack = await stackWith(inject('backend'))
})

type Place = Pick<Question, 'dashboard' | 'place'>
const nameOf = ({ dashboard, place }: Place) => `${dashboard}: ${place}`
const isIn =
  (places: readonly Place[]) =>
  (question: Question): boolean =>
    places.some((each) => nameOf(each) === nameOf(question))
const isRightlyEmpty = isIn(emptyWhenCalm)
/** Marks are where something happened: that there are none is no mistake, only a query that is refused would be. */
const isAnnotation = ({ place }: Question) => place.startsWith('annotation ')

const allQuestions = async () =>
  (await Promise.all(dashboards.map((dashboard) => questionsOf(dashboard, backendsOf(stack), lately()))))
    .flat()
    .filter(canBeAsked(stack))

const said = (question: Question) => `${nameOf(question)}: ${question.filled}`

async function withoutAnswer(questions: readonly Question[]): Promise<Question[]> {
  const silent: Question[] = []
  for (const question of questions)
    if ((await answersTo(question, backendsOf(stack), lately())).length === 0) silent.push(question)
  return silent
}

async function atZero(questions: readonly Question[]): Promise<Question[]> {
  const low: Question[] = []
  for (const question of questions) if ((await peakOf(stack, question)) === 0) low.push(question)
  return low
}

/** The panels with nothing but such queries, whatever is chosen for their variables: an incident need not concern every service. */
function placesOfNothingBut(some: readonly Question[], questions: readonly Question[]): string[] {
  const others = new Set(questions.filter((question) => !some.includes(question)).map(nameOf))
  return [...new Set(questions.map(nameOf))].filter((name) => !others.has(name))
}

test('every panel and variable has data while all is calm, but for those listed', {
  timeout: 180_000,
}, async () => {
  const all = await allQuestions()
  const questions = all.filter((question) => !isRightlyEmpty(question) && !isAnnotation(question))
  console.log(`${questions.length} queries of ${dashboards.length} dashboards`)
  await eventually(
    'every query is answered',
    async () => expect((await withoutAnswer(questions)).map(said)).toEqual([]),
    {
      withinMs: 120_000,
      everyMs: 5_000,
    },
  )
})

test('what says zero where there is nothing is above zero while all is calm, where it has to be', async () => {
  const questions = (await allQuestions()).filter(isIn(aboveZeroWhenCalm))
  await eventually('every query is above zero', async () => expect((await atZero(questions)).map(said)).toEqual([]), {
    withinMs: 50_000,
    everyMs: 2_000,
  })
})

test('annotations are queries that Prometheus understands', async () => {
  const questions = (await allQuestions()).filter(isAnnotation)
  expect(questions.length).toBeGreaterThan(0)
  for (const question of questions) await answersTo(question, backendsOf(stack), lately())
})

test('every metric of others is there, but for those that an event brings about', async () => {
  const url = `${stack.url('PROMETHEUS_PORT')}/api/v1/label/__name__/values`
  const { data } = (await json(url)) as { data: string[] }
  const queries = dashboards.flatMap(askedBy).filter(({ source }) => source === sources.metrics.uid)
  const exprs = [...queries.map(({ query }) => promQlOf(query)), ...alerts.map(({ expr }) => expr)]
  const [present, asked] = [data, exprs.flatMap(metricsIn)].map((names) => new Set(names.map(withoutSeries)))
  const ofOthers = foreignMetrics.filter((name) => asked?.has(name))
  expect(ofOthers.filter((name) => !present?.has(name) && !(name in bornOfEvents))).toEqual([])
  expect(Object.keys(bornOfEvents).filter((name) => !ofOthers.includes(name))).toEqual([])
})

/** A histogram by its own name. */
const withoutSeries = (name: string) => name.replace(/_(bucket|count|sum)$/, '')

test('what is listed as empty or at zero when calm, or above it, is a panel that exists', async () => {
  const places = new Set(dashboards.flatMap(askedBy).map(nameOf))
  expect(
    [...emptyWhenCalm, ...zeroWhenCalm, ...aboveZeroWhenCalm].map(nameOf).filter((name) => !places.has(name)),
  ).toEqual([])
})

test.for([...new Set([...emptyWhenCalm, ...zeroWhenCalm].map(({ scenario }) => scenario))])(
  '%s fills the panels that are empty when calm, raises those at zero and fires its alerts, which end after it',
  { timeout: 420_000 },
  async (id) => {
    const all = await allQuestions()
    const ofThis = (places: typeof emptyWhenCalm) => all.filter(isIn(places.filter(({ scenario }) => scenario === id)))
    const [toFill, toRaise] = [ofThis(emptyWhenCalm), ofThis(zeroWhenCalm)]
    const firing = () => firingAlerts(new URL(stack.url('PROMETHEUS_PORT')))
    onTestFinished(async () => void (await stack.slow('scenario', 'reset')))
    const started = await stack.slow('scenario', 'start', id)
    expect(started.code, started.stderr).toBe(0)
    await eventually(
      'its alerts fire',
      async () => expect(await firing()).toEqual(expect.arrayContaining(scenarioNamed(id).seen.alerts)),
      { withinMs: 90_000, everyMs: 1_000 },
    )
    await eventually(
      'the panels are filled and raised',
      async () => {
        expect(placesOfNothingBut(await withoutAnswer(toFill), toFill)).toEqual([])
        expect(placesOfNothingBut(await atZero(toRaise), toRaise)).toEqual([])
      },
      { withinMs: 60_000, everyMs: 2_000 },
    )
    expect((await stack.slow('scenario', 'reset')).code).toBe(0)
    await eventually('all is quiet again', async () => expect(await firing()).toEqual([]), {
      withinMs: 150_000,
      everyMs: 2_000,
    })
  },
)

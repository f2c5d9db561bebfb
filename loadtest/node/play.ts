// `npm run load -- … --node`: announces the run, plays it with a line of progress, and reports.
import { createClient } from '../client.ts'
import { minutes } from '../figures.ts'
import type { Lesson } from '../lessons.ts'
import { openLiveLine } from '../live-line.ts'
import type { Outcome } from '../outcome.ts'
import { pageOf } from '../page.ts'
import { plan, planHash } from '../plan.ts'
import { type Played, type RunFacts, runReport } from '../run-report.ts'
import { textOf } from '../text.ts'
import { codeOf, exitCodes, keep, type Written } from './ending.ts'
import type { LoadOptions } from './options.ts'
import { playLesson } from './play-lesson.ts'
import { createTeller, type Teller } from './teller.ts'
import { Refused, type Workshop, workshopAt } from './workshop.ts'

export type Urls = { api: URL; workshop: URL; workshopToken?: string; viewer: URL }

type Options = Omit<LoadOptions, 'list'> & { urls: Urls; signal: AbortSignal }

/** @returns the exit code. @throws Error a sentence when shop or workshop do not play along. */
export async function playWithNode(lesson: Lesson, options: Options): Promise<number> {
  const { seed, urls, signal } = options
  await refuseUnlessOpen(urls.api)
  const arrivals = plan(lesson.profile, seed)
  const known = await announced(lesson, planHash(arrivals), options)
  const played: Played[] = []
  const startedMs = Date.now()
  const seconds = lesson.profile.durationSeconds + (lesson.closed?.seconds ?? 0)
  const line = openLiveLine(process.stdout, () => progress((Date.now() - startedMs) / 1000, seconds))
  line.say(`${lesson.id}: ${lesson.question}`)
  line.say(`${arrivals.length} checkouts to ${urls.api.origin} in ${minutes(seconds)}, ${known.says}`)
  const { isEndedByLimit } = await playLesson(lesson, {
    ...{ arrivals, seed, run: known.facts.run, target: urls.api, signal },
    onPlayed({ part, outcome }) {
      line.add(outcome)
      const { arrival, ...sent } = outcome
      known.teller?.add({ iteration: arrival.iteration, ...sent, ...(part === undefined ? {} : { part }) })
      played.push({ ...(part === undefined ? {} : { part }), outcome: withoutCart(outcome) })
    },
  })
  line[Symbol.dispose]()
  const isPartial = signal.aborted || isEndedByLimit
  const notes = isPartial ? [signal.aborted ? 'It was ended before its plan was.' : endedByLimit] : []
  const own = { ...known.facts, planned: arrivals.length, isPartial, notes }
  const written = (await toldBy(known, isPartial)) ?? writtenHere(lesson, own, played, urls)
  console.log(`\n${written.text.trimEnd()}\n`)
  for (const file of await keep(written, options)) console.log(`written to ${file}`)
  if (known.page !== undefined) console.log(`and at ${known.page}`)
  return signal.aborted ? exitCodes.stopped : codeOf(written.report)
}

const endedByLimit = 'A limit was broken, and that ends this lesson.'

type Known = {
  facts: Pick<RunFacts, 'run' | 'startedAtMs' | 'player' | 'seed' | 'planHash'>
  says: string
  workshop?: Workshop
  teller?: Teller
  page?: string
}

/** Without a workshop a lesson is played all the same, unless somebody has to ship something in it. */
async function announced(lesson: Lesson, hash: string, { seed, rate, minutes, urls }: Options): Promise<Known> {
  const facts = { player: 'node', seed, planHash: hash } as const
  const workshop = workshopAt(urls.workshop, urls.workshopToken)
  try {
    const { run, startedAtMs } = await workshop.start({ lesson: lesson.id, rate, minutes, ...facts })
    const page = workshop.pageUrl(run)
    return {
      ...{ facts: { ...facts, run, startedAtMs }, workshop, teller: createTeller(workshop, run), page },
      says: `while the baseline is quiet; live at ${page}`,
    }
  } catch (error) {
    if (error instanceof Refused) throw error
    const away = `the workshop at ${urls.workshop.origin} cannot be reached`
    if (lesson.incident !== undefined)
      throw new Error(`In this lesson the workshop ships something, and ${away}. Start the lab with: npm start`)
    const run = Math.floor(Math.random() * 2 ** 32).toString(16)
    return { facts: { ...facts, run, startedAtMs: Date.now() }, says: `with the baseline beside it: ${away}` }
  }
}

/** The report of the workshop, which knows where traces are opened; undefined when it was not told everything. */
async function toldBy({ workshop, teller, facts }: Known, isPartial: boolean): Promise<Written | undefined> {
  if (workshop === undefined || teller === undefined) return undefined
  try {
    const lost = await teller.finish()
    await workshop.end(facts.run, isPartial || lost !== undefined)
    if (lost === undefined) return await workshop.written(facts.run)
    console.log(`The workshop does not have all of this run: ${lost}`)
  } catch (error) {
    console.log(`The workshop does not have all of this run: ${(error as Error).message}`)
  }
  return undefined
}

function writtenHere(lesson: Lesson, facts: RunFacts, played: readonly Played[], { viewer }: Urls): Written {
  const report = runReport(lesson, facts, played)
  const traceUrl = (traceId: string) => new URL(`/trace/${traceId}`, viewer).href
  return { report, text: textOf(report, traceUrl), page: pageOf(report, { traceUrl }) }
}

const withoutCart = ({ arrival, ...outcome }: Outcome): Played['outcome'] => ({
  ...outcome,
  arrival: { persona: { cohort: arrival.persona.cohort } },
})

/** `0:32 of 1:00, 0:28 left · ` */
function progress(seconds: number, ofSeconds: number): string {
  const left = Math.max(0, ofSeconds - seconds)
  return `${minutes(Math.min(seconds, ofSeconds))} of ${minutes(ofSeconds)}, ${minutes(left)} left · `
}

/** @throws Error a sentence when nobody is at home: a report of nothing but refused connections helps nobody. */
async function refuseUnlessOpen(api: URL): Promise<void> {
  using client = createClient(api, 5000)
  const answer = await client.send({ method: 'GET', path: '/api/products' })
  if (answer.status === 0)
    throw new Error(`The shop at ${api.origin} does not answer (${answer.code}). Start the lab with: npm start`)
}

// Lesson 07: what users who wait to be answered see of a shop that stands still, and what those see who come when they come.
import { type Lesson, lessons } from '../../../loadtest/lessons.ts'
import { playLesson } from '../../../loadtest/node/play-lesson.ts'
import { createTeller } from '../../../loadtest/node/teller.ts'
import { type Workshop, workshopAt } from '../../../loadtest/node/workshop.ts'
import { plan, planHash } from '../../../loadtest/plan.ts'
import type { RunReport } from '../../../loadtest/run-report.ts'
import type { Bench } from '../bench.ts'
import { type BenchLab, inBenchLab, playAt } from './bench-lab.ts'
import { rowOf } from './closed-row.ts'

const seed = 1

export const closed: Bench['run'] = ({ say, signal }) =>
  inBenchLab(signal, async (lab) => {
    const lesson = lessons.find(({ closed: users }) => users !== undefined)
    if (lesson === undefined) throw new Error('No lesson has users who wait.')
    await playAt(lab, { seed: 2, durationSeconds: 15 })
    say(`${lesson.id}: ${lesson.question}`)
    return [rowOf(await played(lesson, lab))]
  })

/** As `npm run load -- 07 --node` plays it, without its files: the workshop ships the incident and sums up. */
async function played(lesson: Lesson, lab: BenchLab): Promise<RunReport> {
  const workshop: Workshop = workshopAt(new URL(lab.urls.workshop))
  const arrivals = plan(lesson.profile, seed)
  const { run } = await workshop.start({ lesson: lesson.id, player: 'node', seed, planHash: planHash(arrivals) })
  const teller = createTeller(workshop, run)
  await playLesson(lesson, {
    ...{ arrivals, seed, run, target: new URL(lab.urls.api), signal: lab.signal },
    onPlayed({ part, outcome: { arrival, ...sent } }) {
      teller.add({ iteration: arrival.iteration, ...sent, ...(part === undefined ? {} : { part }) })
    },
  })
  lab.signal.throwIfAborted()
  const lost = await teller.finish()
  if (lost !== undefined) throw new Error(`The workshop was not told everything: ${lost}`)
  await workshop.end(run, false)
  return (await workshop.written(run)).report
}

// What is kept of one load run: while it goes on its outcomes, small, and afterwards the report alone.
import { dueMsOf } from '../../loadtest/arrival-times.ts'
import { closedPart, type Lesson } from '../../loadtest/lessons.ts'
import { judged } from '../../loadtest/limits.ts'
import type { Measured } from '../../loadtest/outcome.ts'
import { arrivalAt } from '../../loadtest/plan.ts'
import { type Played, type RunFacts, type RunReport, runReport } from '../../loadtest/run-report.ts'
import { InvalidRequest } from '../kit/errors.ts'
import type { EndLoad, LoadOutcomes, StartLoad } from './contract.ts'

export type LoadRecord = ReturnType<typeof createLoadRecord>

type Given = { run: string; planned: number; asked: StartLoad; startedAtMs: number }

export function createLoadRecord(lesson: Lesson, { run, planned, asked, startedAtMs }: Given) {
  const { player, seed, planHash } = asked
  const facts: RunFacts = { run, player, seed, planHash, planned, startedAtMs, isPartial: true, notes: [] }
  const cohortsSeen = new Map<string, Measured['arrival']>()
  const partNames = [...lesson.parts.map(({ name }) => name), ...(lesson.closed === undefined ? [] : [closedPart])]
  let played: Played[] = []
  let count = 0
  let latest: { count: number; report: RunReport } | undefined
  let final: RunReport | undefined

  /** Of an arrival only its cohort is kept, and each cohort once. */
  const arrivalOf = (iteration: number): Measured['arrival'] => {
    const { cohort } = arrivalAt(lesson.profile, seed, iteration).persona
    const key = Object.values(cohort).join()
    const seen = cohortsSeen.get(key) ?? { persona: { cohort } }
    cohortsSeen.set(key, seen)
    return seen
  }

  return {
    facts,
    count: () => count,
    note: (sentence: string) => void facts.notes.push(sentence),

    /** When the first arrival of the profile was due, as far as these outcomes tell. @throws InvalidRequest */
    add(outcomes: LoadOutcomes): number | undefined {
      for (const [i, { part }] of outcomes.entries())
        if (part !== undefined && !partNames.includes(part))
          throw new InvalidRequest(
            `body.${i}.part is "${part}": expected ${partNames.length === 0 ? 'none, the lesson has no parts' : `one of ${partNames.join(', ')}`}`,
          )
      for (const { iteration, part, orderId: _, ...outcome } of outcomes)
        played.push({ ...(part && { part }), outcome: { arrival: arrivalOf(iteration), ...outcome } })
      count += outcomes.length
      const known = outcomes.find(({ part }) => part !== closedPart)
      return known === undefined ? undefined : known.dueEpochMs - dueMsOf(lesson.profile, known.iteration)
    },

    report(more: Partial<RunFacts> = {}): RunReport {
      if (final !== undefined) return final
      if (latest?.count !== count) latest = { count, report: runReport(lesson, { ...facts, ...more }, played) }
      return { ...latest.report, ...more, notes: ['It is still going on.', ...facts.notes] }
    },

    /** Sums up for the last time, and forgets the outcomes. `note` says why it is partial, where that is known. */
    finish({ dropped, isPartial }: EndLoad, more: Partial<RunFacts>, note: string | undefined): RunReport {
      const isBroken = lesson.limits.some((limit) => limit.ends === true && !judged(limit, played).isHeld)
      const why =
        note ?? (isBroken ? 'A limit was broken, and that ends this lesson.' : 'It was ended before its plan was.')
      const notes = [...(isPartial ? [why] : []), ...facts.notes]
      const known = { ...facts, ...more, isPartial, notes, ...(dropped === 0 ? {} : { dropped }) }
      final = runReport(lesson, known, played)
      played = []
      return final
    },

    summary: (isGoing: boolean) => ({
      ...{ run, lesson: lesson.id, player, seed, startedAtMs, planned, count },
      state: isGoing ? ('going' as const) : ('over' as const),
    }),
  }
}

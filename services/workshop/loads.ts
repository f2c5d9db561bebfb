// Load runs: players post what became of their checkouts, and find it summed up. One run at a time, the last ten are kept.
import { randomUUID } from 'node:crypto'
import { adapted } from '../../loadtest/adapted.ts'
import { countOf } from '../../loadtest/arrival-times.ts'
import type { RunReport } from '../../loadtest/run-report.ts'
import type { EndLoad, LoadOutcomes, StartLoad } from './contract.ts'
import { LoadIsOver, LoadTooLarge, UnknownLoad } from './errors.ts'
import type { Faults } from './faults.ts'
import { lessonNamed } from './lesson-named.ts'
import { type Incident, incidentOf } from './load-incident.ts'
import { createLoadRecord, type LoadRecord } from './load-record.ts'
import type { Runs } from './runs.ts'
import type { Hold, TrafficGate } from './traffic.ts'

export type Loads = ReturnType<typeof createLoads>

export type LoadsOptions = {
  faults: Pick<Faults, 'set' | 'reset' | 'list'>
  traffic: TrafficGate
  runs: Pick<Runs, 'refuseIfRunning'>
  /** A run of which nothing is heard for so long is closed. A checkout may take 30 s until its player gives it up. */
  silentAfterMs?: number
}

/** An hour and a half at 18 checkouts a second, and some 32 MiB while the run goes on. What is over is kept as its report. */
const mostPlanned = 100_000
/** Users who wait come as often as they are answered. */
const mostOutcomes = 120_000
const keptRuns = 10

type Load = {
  record: LoadRecord
  hold: Hold
  incident: Incident | undefined
  silence?: NodeJS.Timeout
  /** Once somebody has begun to end it. */
  ended?: Promise<RunReport>
}

export function createLoads({ faults, traffic, runs, silentAfterMs = 45_000 }: LoadsOptions) {
  const loads = new Map<string, Load>()
  const going = () => [...loads.values()].find(({ ended }) => ended === undefined)

  const named = (run: string): Load => {
    const load = loads.get(run)
    if (load !== undefined) return load
    const known =
      loads.size === 0 ? 'There are none yet' : `The last ones are: ${[...loads.keys()].reverse().join(', ')}`
    throw new UnknownLoad(`There is no load run "${run}". ${known}.`)
  }

  const end = (load: Load, how: EndLoad, note?: string): Promise<RunReport> => {
    load.ended ??= (async () => {
      clearTimeout(load.silence)
      await load.incident?.end()
      load.hold.release()
      return load.record.finish(how, load.incident?.facts() ?? {}, note)
    })()
    return load.ended
  }

  return {
    /** Pauses the baseline for the run, and arms what is to be there from the beginning. @throws Busy, UnknownLesson, NotArmed */
    async start(asked: StartLoad): Promise<{ run: string; startedAtMs: number }> {
      const lesson = adapted(lessonNamed(asked.lesson), asked)
      const planned = countOf(lesson.profile)
      if (planned > mostPlanned)
        throw new LoadTooLarge(`That would be ${planned} checkouts: expected at most ${mostPlanned}.`)
      runs.refuseIfRunning()
      const hold = traffic.hold(`lesson ${lesson.id} is being played`, (silentAfterMs + 15_000) / 1000)
      const given = { run: randomUUID().slice(0, 8), planned, asked, startedAtMs: Date.now() }
      const record = createLoadRecord(lesson, given)
      const load: Load = { record, hold, incident: incidentOf(lesson, faults, record.note) }
      loads.set(given.run, load)
      try {
        await load.incident?.prepare()
      } catch (error) {
        await end(load, { dropped: 0, isPartial: true })
        loads.delete(given.run)
        throw error
      }
      const silent = () => void end(load, { dropped: 0, isPartial: true }, silenceNote(silentAfterMs))
      load.silence = setTimeout(silent, silentAfterMs).unref()
      for (const oldest of [...loads.keys()].slice(0, -keptRuns)) loads.delete(oldest)
      return { run: given.run, startedAtMs: given.startedAtMs }
    },

    /** @throws UnknownLoad, LoadIsOver, LoadTooLarge, InvalidRequest naming a part that the lesson does not have. */
    add(run: string, outcomes: LoadOutcomes): { count: number } {
      const { record, incident, hold, silence, ended } = named(run)
      if (ended !== undefined) throw new LoadIsOver(`Load run ${run} is over: start another one.`)
      if (record.count() + outcomes.length > mostOutcomes)
        throw new LoadTooLarge(`Load run ${run} has ${record.count()} outcomes and takes no more.`)
      const firstDueAtMs = record.add(outcomes)
      if (firstDueAtMs !== undefined) incident?.schedule(firstDueAtMs)
      hold.renew()
      silence?.refresh()
      return { count: record.count() }
    },

    /** The final report; of a run that is over already, the one that it has. */
    end: (run: string, how: EndLoad): Promise<RunReport> => end(named(run), how),

    report: (run: string): RunReport => {
      const { record, incident } = named(run)
      return record.report(incident?.facts())
    },

    isGoing: (run: string): boolean => named(run).ended === undefined,

    /** Newest first. */
    list: () => [...loads.values()].reverse().map(({ record, ended }) => record.summary(ended === undefined)),

    /** Somebody makes everything calm: a run goes on, but arms nothing any more. */
    callOff: (): void => going()?.incident?.callOff(),

    async [Symbol.asyncDispose]() {
      const load = going()
      if (load !== undefined) await end(load, { dropped: 0, isPartial: true }, 'The workshop was stopped.')
    },
  }
}

const silenceNote = (silentMs: number): string =>
  `Nothing was heard of its player for ${Math.round(silentMs / 1000)} s, so the run was closed.`

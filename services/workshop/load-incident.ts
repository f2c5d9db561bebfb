// What a lesson has somebody ship in the middle of its load: armed and reset at its moments, and reset whatever happens.
import type { Lesson } from '../../loadtest/lessons.ts'
import type { RunFacts } from '../../loadtest/run-report.ts'
import { NotArmed } from './errors.ts'
import type { Faults } from './faults.ts'
import { expiring, type Scenario } from './scenario.ts'

export type IncidentOptions = {
  moments: NonNullable<Lesson['incident']>
  scenario: Scenario
  faults: Pick<Faults, 'set' | 'reset'>
  /** After so long what is armed expires by itself, should this process not be there to reset it. */
  lastsSeconds: number
  /** Told what could not be done. */
  complain: (sentence: string) => void
}

export type Incident = ReturnType<typeof createIncident>

/** The scenario's own load is left out: the lesson brings the load. */
export function createIncident({ moments, scenario, faults, lastsSeconds, complain }: IncidentOptions) {
  const timers: NodeJS.Timeout[] = []
  let wasArmedAtMs: number | undefined
  let resetAtMs: number | undefined
  let isCalledOff = false
  let turn: Promise<void> = Promise.resolve()

  const arm = async () => {
    if (isCalledOff || wasArmedAtMs !== undefined) return
    wasArmedAtMs = Date.now()
    const until = new Date(Date.now() + lastsSeconds * 1000).toISOString()
    for (const { flag, ...asked } of expiring(scenario.arm, until)) {
      const { missing } = await faults.set(flag, asked)
      if (missing.length === 0) continue
      throw new NotArmed(`Not armed: ${missing.map(({ name, why }) => `${name}: ${why}`).join('; ')}.`)
    }
  }
  const reset = async () => {
    if (wasArmedAtMs === undefined || resetAtMs !== undefined) return
    resetAtMs = Date.now()
    await faults.reset()
  }
  /** One after the other: a reset that overtook the arming would be undone by it. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }
  const complaining = (work: () => Promise<void>): Promise<void> =>
    inTurn(work).catch((error: Error) => complain(error.message))

  return {
    /** Arms what is to be there from the first arrival on. @throws NotArmed naming who has not read it. */
    prepare: (): Promise<void> => (moments.fromSeconds === 0 ? inTurn(arm) : turn),

    /** Sets the moments, once the first arrival is known. Later calls change nothing. */
    schedule(firstDueAtMs: number): void {
      if (timers.length > 0 || isCalledOff) return
      const at = (seconds: number, work: () => Promise<void>) =>
        timers.push(setTimeout(() => void complaining(work), firstDueAtMs + seconds * 1000 - Date.now()))
      at(moments.fromSeconds, arm)
      at(moments.toSeconds, reset)
    },

    /** Nothing is armed any more, and what is armed is reset. */
    async end(): Promise<void> {
      isCalledOff = true
      for (const timer of timers) clearTimeout(timer)
      await complaining(reset)
    },

    /** Somebody made everything calm: that is how it stays. */
    callOff(): void {
      isCalledOff = true
      if (wasArmedAtMs !== undefined) resetAtMs ??= Date.now()
    },

    facts: (): Pick<RunFacts, 'incident'> =>
      wasArmedAtMs === undefined
        ? {}
        : { incident: { armedAtMs: wasArmedAtMs, ...(resetAtMs === undefined ? {} : { resetAtMs }) } },
  }
}

// What a lesson has somebody ship in the middle of its load: armed and reset at its moments, and reset whatever happens.
import type { Lesson } from '../../loadtest/lessons.ts'
import type { RunFacts } from '../../loadtest/run-report.ts'
import { Busy, NotArmed } from './errors.ts'
import type { Faults } from './faults.ts'
import { expiring, type Scenario } from './scenario.ts'
import { scenarioNamed } from './scenarios/index.ts'

type IncidentOptions = {
  moments: NonNullable<Lesson['incident']>
  scenario: Scenario
  faults: Pick<Faults, 'set' | 'reset' | 'list'>
  /** After so long what is armed expires by itself, should this process not be there to reset it. */
  lastsSeconds: number
  /** Told what could not be done. */
  complain: (sentence: string) => void
}

export type Incident = ReturnType<typeof createIncident>

/** The incident of a lesson that has one. */
export function incidentOf(
  { incident, closed }: Lesson,
  faults: IncidentOptions['faults'],
  complain: IncidentOptions['complain'],
): Incident | undefined {
  if (incident === undefined) return undefined
  const lastsSeconds = (closed?.seconds ?? 0) + incident.toSeconds + 120
  return createIncident({
    moments: incident,
    scenario: scenarioNamed(incident.scenario),
    ...{ faults, lastsSeconds, complain },
  })
}

/** The scenario's own load is left out: the lesson brings the load. */
function createIncident({ moments, scenario, faults, lastsSeconds, complain }: IncidentOptions) {
  const timers: NodeJS.Timeout[] = []
  let armedAtMs: number | undefined
  let resetAtMs: number | undefined
  let isCalledOff = false
  let turn: Promise<unknown> = Promise.resolve()

  const arm = async () => {
    if (isCalledOff || armedAtMs !== undefined) return
    armedAtMs = Date.now()
    const until = new Date(armedAtMs + lastsSeconds * 1000).toISOString()
    for (const { flag, ...asked } of expiring(scenario.arm, until)) {
      if (isCalledOff) return
      const { missing } = await faults.set(flag, asked)
      if (missing.length === 0) continue
      throw new NotArmed(`Not armed: ${missing.map(({ name, why }) => `${name}: ${why}`).join('; ')}.`)
    }
  }
  const reset = async () => {
    if (armedAtMs === undefined || resetAtMs !== undefined) return
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
    /** Arms what is to be there from the first arrival on. @throws NotArmed naming who has not read it, Busy */
    async prepare(): Promise<void> {
      await refuseIfSet(faults)
      if (moments.fromSeconds === 0) await inTurn(arm)
    },

    /** Sets the moments, once the first arrival is known. Later calls change nothing. */
    schedule(firstDueAtMs: number): void {
      if (timers.length > 0 || isCalledOff) return
      const at = (seconds: number, work: () => Promise<void>) =>
        timers.push(setTimeout(() => void complaining(work), Math.max(0, firstDueAtMs + seconds * 1000 - Date.now())))
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
      if (armedAtMs !== undefined) resetAtMs ??= Date.now()
    },

    facts(): Pick<RunFacts, 'incident'> {
      if (armedAtMs === undefined) return {}
      return { incident: { armedAtMs, ...(resetAtMs === undefined ? {} : { resetAtMs }) } }
    },
  }
}

/** Its end resets everything, which must not take from others what they are looking at. @throws Busy naming it. */
async function refuseIfSet({ list }: Pick<Faults, 'list'>): Promise<void> {
  const { flags } = await list()
  const set = flags.filter(({ setting, isEditedByHand }) => setting !== undefined || isEditedByHand)
  if (set.length > 0)
    throw new Busy(`Somebody set ${set.map(({ name }) => name).join(', ')}: make everything calm first.`)
}

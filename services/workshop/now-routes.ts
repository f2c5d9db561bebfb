// What the console shows, in one answer: what customers feel, what is going on, what is armed, and where to look.
import type { FastifyInstance } from 'fastify'
import { errorBudget, slo } from '../kit/slo.ts'
import { type FlagState, hiddenId, type Now } from './contract.ts'
import type { Drills } from './drills/drills.ts'
import type { Faults } from './faults.ts'
import { type Live, liveIn } from './live.ts'
import type { Runs } from './runs.ts'
import type { Scenario } from './scenario.ts'
import type { Telemetry } from './telemetry.ts'
import type { LookPage } from './trace-pages.ts'
import type { TrafficGate } from './traffic.ts'

export type NowDeps = {
  faults: Pick<Faults, 'list' | 'changes'>
  traffic: Pick<TrafficGate, 'state'>
  runs: Pick<Runs, 'current'>
  drills: Pick<Drills, 'current'>
  telemetry: Telemetry
  lookPage: LookPage
  scenarios: readonly Scenario[]
}

/** So much of the calm before is looked at too. */
const leadMs = 60_000
/** Whoever asks within the same second gets the same answer: each one costs health checks and a look at the metrics. */
const freshForMs = 900
/** What the console's page gives as the reason. */
const keptAway = 'kept away in the console'

export function addNowRoutes(app: FastifyInstance, deps: NowDeps): void {
  let latest: { atMs: number; of: string; answer: Promise<Now> } | undefined

  app.get('/api/now', async (): Promise<Now> => {
    const of = stateOf(deps)
    if (latest === undefined || latest.of !== of || Date.now() - latest.atMs > freshForMs)
      latest = { atMs: Date.now(), of, answer: nowOf(deps) }
    return latest.answer
  })
}

/** What a person has just changed must not be answered with what was before. */
const stateOf = ({ runs, drills, traffic, faults }: NowDeps): string =>
  JSON.stringify([runs.current(), drills.current(), traffic.state(), faults.changes()])

async function nowOf({ faults, traffic, runs, drills, telemetry, lookPage, scenarios }: NowDeps): Promise<Now> {
  const run = runs.current()
  const drill = drills.current()
  const paused = traffic.state()
  const nowMs = Date.now()
  const sinceMs = run === null ? undefined : Date.parse(run.startedAt)
  const [live, { flags, missing }] = await Promise.all([liveOrWhyNot(telemetry, sinceMs), faults.list()])
  const scenario = scenarios.find(({ id }) => id === run?.id)
  const byOf = ({ name, isEditedByHand }: FlagState): string => {
    if (isEditedByHand) return 'a text editor'
    if (scenario?.arm.some(({ flag }) => flag === name)) return `scenario ${scenario.id}`
    return paused.reason === undefined || paused.reason === keptAway ? 'somebody, as a fault' : paused.reason
  }
  const armed = flags
    .filter(({ setting, isEditedByHand }) => setting !== undefined || isEditedByHand)
    .map((flag) => ({ ...(flag.setting ?? { flag: flag.name, variant: 'a rule of its own' }), by: byOf(flag) }))
  return {
    at: new Date(nowMs).toISOString(),
    sloMs: slo.thresholdMs,
    errorBudget,
    ...live,
    run,
    drill,
    traffic: paused,
    // Whoever is to find out what it is does not find it here.
    ...(drill !== null || run?.id === hiddenId ? {} : { armed }),
    missing,
    look: { name: lookPage.name, url: lookPage.url({ fromMs: (sinceMs ?? nowMs) - leadMs, toMs: nowMs }) },
  }
}

async function liveOrWhyNot(telemetry: Telemetry, sinceMs: number | undefined): Promise<{ live?: Live; why?: string }> {
  try {
    return { live: await liveIn(telemetry, sinceMs) }
  } catch (error) {
    return { why: (error as Error).message }
  }
}

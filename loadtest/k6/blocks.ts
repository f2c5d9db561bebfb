// The executor blocks of a lesson: who k6 lets come when, and how many virtual users that takes. Pure.
// https://grafana.com/docs/k6/latest/using-k6/scenarios/executors/
import type { Lesson } from '../lessons.ts'
import type { Profile, Stage } from '../profiles.ts'

/** How long before it is due a visitor signs in and fills the cart. */
export const prepareMs = 500
/** As long as api lets a checkout take: with everybody that slow there is still a virtual user for the next one. */
const slowestSeconds = 5
/** Where the run ends once the objective is broken, nobody has to be that patient. */
const slowestBeforeTheEnd = 1.5

/** More than a request may take: nobody is cut off. */
const gracefulStop = '35s'

export type Block = {
  executor: 'constant-arrival-rate' | 'ramping-arrival-rate' | 'constant-vus'
  gracefulStop: string
  [option: string]: unknown
}

/** Open model: arrivals come evenly at the profile's rate, however long those before them take. */
export function constantArrivalRate(lesson: Pick<Lesson, 'profile' | 'limits'>): Block {
  const { profile } = lesson
  const unit = timeUnitOf(profile)
  return {
    executor: 'constant-arrival-rate',
    rate: perUnit(profile.ratePerSecond, unit),
    timeUnit: `${unit}s`,
    duration: `${profile.durationSeconds}s`,
    preAllocatedVUs: usersFor(lesson),
    gracefulStop,
  }
}

/** Open model, along a rate that changes. */
export function rampingArrivalRate(lesson: Pick<Lesson, 'profile' | 'limits'>): Block {
  const { profile } = lesson
  const unit = timeUnitOf(profile)
  return {
    executor: 'ramping-arrival-rate',
    startRate: perUnit(profile.ratePerSecond, unit),
    timeUnit: `${unit}s`,
    stages: [...(profile.stages ?? []), ...onwards(profile)].map(({ toPerSecond, seconds }) => ({
      target: perUnit(toPerSecond, unit),
      duration: `${seconds}s`,
    })),
    preAllocatedVUs: usersFor(lesson),
    gracefulStop,
  }
}

/** k6 begins each a gap late and cuts off at every jump: a second more, and the last of the plan come too. What is beyond it is ignored. */
function onwards({ stages = [] }: Profile): Stage[] {
  const last = stages.at(-1)
  return last === undefined ? [] : [{ toPerSecond: last.toPerSecond, seconds: 1 }]
}

/** Closed model: so many users, each of whom comes again when answered. A slow shop is visited less. */
export function constantVus({ users, seconds }: { users: number; seconds: number }): Block {
  return { executor: 'constant-vus', vus: users, duration: `${seconds}s`, gracefulStop }
}

/**
 * How long after k6 has begun an iteration its arrival is due. An even rate begins iteration i when i have come; a changing
 * one when i + 1 have, one gap later.
 */
export function aheadMsOf({ ratePerSecond, stages }: Profile): number {
  return prepareMs + (stages === undefined ? 0 : 1000 / ratePerSecond)
}

/** Little's law: as many are there at once as come in a second, times the seconds each of them stays. */
export function usersFor({ profile, limits }: Pick<Lesson, 'profile' | 'limits'>): number {
  const highest = Math.max(profile.ratePerSecond, ...(profile.stages ?? []).map(({ toPerSecond }) => toPerSecond))
  const patience = limits.some(({ ends }) => ends) ? slowestBeforeTheEnd : slowestSeconds
  return Math.ceil(highest * (aheadMsOf(profile) / 1000 + patience))
}

/** k6 takes whole numbers only: a rate that is none is given for a longer time. */
function timeUnitOf({ ratePerSecond, stages = [] }: Profile): number {
  const rates = [ratePerSecond, ...stages.map(({ toPerSecond }) => toPerSecond)]
  return rates.every(Number.isInteger) ? 1 : 1000
}

const perUnit = (ratePerSecond: number, unitSeconds: number): number => Math.round(ratePerSecond * unitSeconds)

// A proof: calm, armed, reset. The same visitors come three times, and the evidence is judged over the three windows.

import { play } from '../../loadtest/driver.ts'
import { lineOf } from '../../loadtest/live-line.ts'
import type { Outcome } from '../../loadtest/outcome.ts'
import { plan } from '../../loadtest/plan.ts'
import { proof as proofProfile } from '../../loadtest/profiles.ts'
import { summarise } from '../../loadtest/report.ts'
import type { Setting } from '../kit/flags/flag.ts'
import { needsOf } from '../lens/evidence.ts'
import { type Judgement, judgeScenario, type WindowName } from '../lens/verdict.ts'
import { type BulkSource, collect, type Patience } from './collect.ts'
import { doubtsAbout } from './doubts.ts'
import { factsOf, samplesOf } from './driver-facts.ts'
import type { ObservedWindow, Recording } from './recording.ts'
import { expiring, type Scenario, symptomsOf } from './scenario.ts'

/** What a proof may do to the lab. Each call throws a sentence when it did not work. */
export interface LabControls {
  arm(settings: readonly Setting[]): Promise<void>
  reset(): Promise<void>
  /** Silences the baseline; ends by itself. */
  pause(forSeconds: number): Promise<void>
  resume(): Promise<void>
}

/** A step of a proof, for whoever watches; `isPassing` ones may be overwritten by the next. */
export type Progress = { says: string; isPassing?: boolean }

export type ProveOptions = {
  source: BulkSource
  target: URL
  controls: LabControls
  seed: number
  windowSeconds?: number
  warmUpSeconds?: number
  ratePerSecond?: number
  /** How long before it is due a checkout is prepared; see the driver. */
  aheadMs?: number
  patience?: Patience
  signal?: AbortSignal
  onProgress?: (progress: Progress) => void
}

/** A window of 21 s has 420 checkouts at 20/s: a few more than are needed. */
export const shortestWindowSeconds = 21

const defaults = {
  windowSeconds: proofProfile.durationSeconds,
  warmUpSeconds: 8,
  ratePerSecond: proofProfile.ratePerSecond,
  aheadMs: 1000,
  patience: {},
  signal: new AbortController().signal,
  onProgress: (_: Progress) => {},
}

/**
 * Observes the three windows. The baseline is silent meanwhile, and whatever happens, the lab is calm and open afterwards.
 * @throws Error a sentence when the lab does not play along, or when `signal` aborts.
 */
export async function prove(scenario: Scenario, given: ProveOptions): Promise<Recording> {
  const options = { ...defaults, ...given }
  const { controls, windowSeconds, warmUpSeconds, seed, signal, onProgress } = options
  const pauseSeconds = windowSeconds + 60
  const tokens = new Map<string, string>()
  const say = (says: string) => onProgress({ says })
  const playFor = (seconds: number, label: string) => playWindow(seconds, label, tokens, options)
  const observe = async (name: WindowName) => {
    await controls.pause(pauseSeconds)
    const outcomes = await playFor(windowSeconds, name)
    say(`${name}: ${lineOf(summarise(outcomes))}`)
    return observed(outcomes, scenario, options)
  }
  try {
    await controls.reset()
    await controls.pause(pauseSeconds)
    say(`warming up: ${warmUpSeconds} s of checkouts that do not count`)
    await playFor(warmUpSeconds, 'warming up')
    const calm = await observe('calm')
    await controls.arm(expiring(scenario.arm, new Date(Date.now() + pauseSeconds * 1000).toISOString()))
    say('armed: every service has read the flag file')
    const armed = await observe('armed')
    await controls.reset()
    say('reset: every service has read the flag file')
    const reset = await observe('reset')
    signal.throwIfAborted()
    return {
      version: 1,
      scenario: scenario.id,
      seed,
      recordedAt: new Date().toISOString(),
      windows: { calm, armed, reset },
    }
  } finally {
    // The first failure is the one to report; what could not be undone undoes itself when its time is up.
    await controls.reset().catch(() => {})
    await controls.resume().catch(() => {})
  }
}

/**
 * The verdict on three windows, observed just now or long ago. Pure. Windows that cannot be trusted prove nothing, neither
 * that the evidence held nor that it failed.
 */
export function judge(scenario: Scenario, { windows }: Recording): Judgement {
  const claims = { symptoms: symptomsOf(scenario), alibis: scenario.alibis }
  const judgement = judgeScenario(claims, windows, doubtsAbout(windows, scenario.impact))
  return judgement.doubts.length > 0 ? { ...judgement, state: 'inconclusive' } : judgement
}

type Settled = typeof defaults & ProveOptions

async function playWindow(
  seconds: number,
  label: string,
  tokens: Map<string, string>,
  { target, seed, ratePerSecond, aheadMs, signal, onProgress }: Settled,
): Promise<Outcome[]> {
  const profile = { ...proofProfile, ratePerSecond, durationSeconds: seconds }
  const outcomes: Outcome[] = []
  const total = Math.round(ratePerSecond * seconds)
  const telling = setInterval(() => {
    onProgress({ says: `${label}: ${outcomes.length} of ${total} checkouts`, isPassing: true })
  }, 1000)
  try {
    for await (const outcome of play(plan(profile, seed), target, signal, { tokens, aheadMs })) outcomes.push(outcome)
  } finally {
    clearInterval(telling)
  }
  signal.throwIfAborted()
  return outcomes
}

async function observed(outcomes: Outcome[], scenario: Scenario, options: Settled): Promise<ObservedWindow> {
  const samples = samplesOf(outcomes)
  const { source, patience, onProgress } = options
  const needs = needsOf([...symptomsOf(scenario), ...scenario.alibis])
  const ends = outcomes.map(({ dueEpochMs, latencyMs }) => dueEpochMs + latencyMs)
  const window = { fromMs: Math.min(...outcomes.map(({ dueEpochMs }) => dueEpochMs)), toMs: Math.max(...ends) }
  onProgress({ says: `waiting for the telemetry of ${samples.length} checkouts`, isPassing: true })
  const { tracesMissing, ...rest } = await collect(source, { window, samples, needs }, patience)
  return { ...rest, facts: factsOf(outcomes, tracesMissing) }
}

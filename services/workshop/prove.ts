// A proof observes a scenario: calm, armed, reset. The same visitors come three times; judge.ts says what that shows.

import { lineOf } from '../../loadtest/live-line.ts'
import type { Outcome } from '../../loadtest/outcome.ts'
import { proof as proofProfile } from '../../loadtest/profiles.ts'
import { summarise } from '../../loadtest/report.ts'
import type { Setting } from '../kit/flags/flag.ts'
import { isSlow, needsOf } from '../lens/evidence.ts'
import type { WindowName } from '../lens/verdict.ts'
import { type BulkSource, collect, type Patience } from './collect.ts'
import { factsOf, samplesOf } from './driver-facts.ts'
import { type Progress, playFor } from './play-window.ts'
import type { ObservedWindow, Recording } from './recording.ts'
import { evidenceOf, expiring, type Scenario } from './scenario.ts'

/** What a proof may do to the lab. Each call throws a sentence when it did not work. */
export interface LabControls {
  arm(settings: readonly Setting[]): Promise<void>
  reset(): Promise<void>
  /** Silences the baseline; ends by itself. */
  pause(forSeconds: number): Promise<void>
  resume(): Promise<void>
}

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

/** How long a window is that is not asked for: always for as many checkouts, at whatever rate. */
export const usualWindowSeconds = (ratePerSecond: number = proofProfile.ratePerSecond): number =>
  Math.ceil((proofProfile.ratePerSecond * proofProfile.durationSeconds) / ratePerSecond)

/** 21 s at 20/s are 420 checkouts: a few more than are needed. */
export const shortestWindowSeconds = (ratePerSecond: number = proofProfile.ratePerSecond): number =>
  Math.ceil(420 / ratePerSecond)

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
  const options = settledOptions(given)
  const { controls, seed } = options
  try {
    await controls.reset()
    await warmUp(options)
    const windows = await observeAll(scenario, options)
    options.signal.throwIfAborted()
    return { version: 1, scenario: scenario.id, seed, recordedAt: new Date().toISOString(), windows }
  } finally {
    // The first failure is the one to report; what could not be undone undoes itself when its time is up.
    await controls.reset().catch(() => {})
    await controls.resume().catch(() => {})
  }
}

/** All that is needed to play checkouts, whatever is looked at then. */
export type PlayOptions = Omit<ProveOptions, 'source' | 'patience'>

type Settled<O extends PlayOptions = ProveOptions> = typeof defaults & O & { tokens: Map<string, string> }

/** What was left open is as in every proof; nobody has signed in yet. */
export const settledOptions = <O extends PlayOptions>(given: O): Settled<O> => ({
  ...defaults,
  ...given,
  tokens: new Map(),
})

const mostWarmUps = 4

/** Enough for compilers and caches; more of it while single checkouts are still slow, but not for ever. */
export async function warmUp(options: Settled<PlayOptions>): Promise<void> {
  const { controls, warmUpSeconds, onProgress } = options
  for (let round = 0; round < mostWarmUps; round++) {
    await controls.pause(pauseSecondsOf(options))
    onProgress({ says: `warming up: ${warmUpSeconds} s of checkouts that do not count` })
    const outcomes = await playFor(warmUpSeconds, { ...options, label: 'warming up' })
    if (!samplesOf(outcomes).some(isSlow)) return
  }
}

async function observeAll(scenario: Scenario, options: Settled): Promise<Recording['windows']> {
  const { controls, windowSeconds, onProgress } = options
  const say = (says: string) => onProgress({ says })
  const observe = async (name: WindowName) => {
    await controls.pause(pauseSecondsOf(options))
    const extraLoad = name === 'armed' ? scenario.extraLoad : undefined
    const outcomes = await playFor(windowSeconds, { ...options, label: name, ...(extraLoad && { extraLoad }) })
    say(`${name}: ${lineOf(summarise(outcomes))}`)
    return observed(outcomes, scenario, options)
  }
  const calm = await observe('calm')
  const lastsSeconds = scenario.lastsSeconds ?? pauseSecondsOf(options)
  await controls.arm(expiring(scenario.arm, new Date(Date.now() + lastsSeconds * 1000).toISOString()))
  say('armed: every service has read the flag file')
  const armed = await observe('armed')
  await controls.reset()
  say('reset: every service has read the flag file')
  return { calm, armed, reset: await observe('reset') }
}

/** Until the next stage says so again: a window, and time for its telemetry. */
const pauseSecondsOf = ({ windowSeconds }: Settled<PlayOptions>): number => windowSeconds + 60

async function observed(outcomes: Outcome[], scenario: Scenario, options: Settled): Promise<ObservedWindow> {
  const samples = samplesOf(outcomes)
  const { source, patience, onProgress } = options
  const needs = needsOf(evidenceOf(scenario))
  const ends = outcomes.map(({ dueEpochMs, latencyMs }) => dueEpochMs + latencyMs)
  const window = { fromMs: Math.min(...outcomes.map(({ dueEpochMs }) => dueEpochMs)), toMs: Math.max(...ends) }
  onProgress({ says: `waiting for the telemetry of ${samples.length} checkouts`, isPassing: true })
  const { tracesMissing, ...rest } = await collect(source, { window, samples, needs }, patience)
  return { ...rest, facts: factsOf(outcomes, tracesMissing) }
}

// Starts a scenario for people to look at: armed → load → impact seen. Without impact it resets itself and says so.
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { play } from '../../loadtest/driver.ts'
import { endless } from '../../loadtest/plan.ts'
import { baseline, type Profile, proof } from '../../loadtest/profiles.ts'
import { hiddenId, type ScenarioRun } from './contract.ts'
import { Busy } from './errors.ts'
import type { Faults } from './faults.ts'
import { type Counts, isImpact } from './impact-watch.ts'
import type { Scenario } from './scenario.ts'
import type { TrafficGate } from './traffic.ts'

export type Runs = ReturnType<typeof createRuns>

export type RunsOptions = {
  faults: Pick<Faults, 'set' | 'reset'>
  traffic: TrafficGate
  target: URL
  /** All checkouts of a window, and the slow ones. */
  count: (fromMs: number, untilMs: number) => Promise<Counts>
  /** How long impact is waited for, and how often it is looked for. */
  loadSeconds?: number
  lookEveryMs?: number
}

export function createRuns(options: RunsOptions) {
  const { faults, traffic } = options
  let current: { run: ScenarioRun; stop: AbortController; ended: Promise<void> } | undefined

  const stopCurrent = async () => {
    current?.stop.abort()
    await current?.ended
    current = undefined
  }
  const isOver = (run: ScenarioRun) => run.state === 'no impact' || run.state === 'failed'
  const refuseIfRunning = () => {
    if (current !== undefined && !isOver(current.run))
      throw new Busy(`Scenario ${current.run.id} is running: reset it first.`)
  }

  return {
    current: (): ScenarioRun | null => current?.run ?? null,

    /** @throws Busy with a sentence. */
    refuseIfRunning,

    /** Returns at once; the rest is followed with `current`. @throws Busy when something else goes on. */
    start(scenario: Scenario, { seed, hidden }: { seed: number; hidden: boolean }): ScenarioRun {
      refuseIfRunning()
      traffic.refuseIfPaused()
      const startedAt = new Date().toISOString()
      const id = hidden ? hiddenId : scenario.id
      const run: ScenarioRun = { id, seed, state: 'arming', startedAt, checkouts: 0, slow: 0 }
      const stop = new AbortController()
      const ended = runThrough(scenario, run, stop.signal, options).catch(async (error: Error) => {
        if (stop.signal.aborted) return
        await faults.reset().catch(() => {})
        run.says = error.message
        run.state = 'failed'
      })
      current = { run, stop, ended }
      return run
    },

    /** Stops what is running and makes everything calm. */
    async reset() {
      await stopCurrent()
      return faults.reset()
    },

    [Symbol.asyncDispose]: stopCurrent,
  }
}

async function runThrough(scenario: Scenario, run: ScenarioRun, signal: AbortSignal, options: RunsOptions) {
  const { faults, loadSeconds = 60, lookEveryMs = 1000 } = options
  await armed(scenario, faults)
  signal.throwIfAborted()
  run.state = 'armed'
  const fromMs = Date.now()
  await using _load = startLoad(scenario, run.seed, options.target)
  run.state = 'load'
  while (Date.now() < fromMs + loadSeconds * 1000) {
    await sleep(lookEveryMs, undefined, { signal })
    Object.assign(run, await options.count(fromMs, Date.now()))
    const isNothing = scenario.control === 'nothing' && run.checkouts >= enoughToSeeNothing
    // Whoever is to find out that nothing is wrong is paged like everybody, and the customers keep coming.
    if (isImpact(run, scenario.impact) || (isNothing && run.id === hiddenId)) {
      run.state = 'impact seen'
      if (!signal.aborted) await once(signal, 'abort')
      return
    }
    if (isNothing) break
  }
  await faults.reset()
  const counted = `${run.slow} of ${run.checkouts} checkouts were slow`
  run.says =
    scenario.control === 'nothing'
      ? `${counted}: nothing is wrong, and that is the answer.`
      : `${counted} within ${loadSeconds} s: nothing to look at, so everything was reset.`
  run.state = 'no impact'
}

/** So many checkouts with next to none slow are an ordinary day. */
const enoughToSeeNothing = 400

/** @throws Error naming the instances that did not read the flag file. */
async function armed(scenario: Scenario, faults: RunsOptions['faults']): Promise<void> {
  const ends = scenario.lastsSeconds === undefined ? {} : { for: `${scenario.lastsSeconds}s` }
  for (const { flag, ...asked } of scenario.arm) {
    const { missing } = await faults.set(flag, { ...asked, ...ends })
    if (missing.length > 0)
      throw new Error(`Not armed: ${missing.map(({ name, why }) => `${name}: ${why}`).join('; ')}.`)
  }
}

/** What the baseline lacks to the rate that a scenario's arithmetic is about. */
const topUp: Profile = { ...proof, ratePerSecond: proof.ratePerSecond - baseline.ratePerSecond }

/**
 * Plays more checkouts, and what the scenario adds, until disposed: who looks at an incident finds it until it is reset. What
 * becomes of them is seen in the traces.
 */
export function startLoad({ extraLoad }: Pick<Scenario, 'extraLoad'>, seed: number, target: URL): AsyncDisposable {
  const stop = new AbortController()
  const profiles: Profile[] = [topUp, ...(extraLoad === undefined ? [] : [extraLoad])]
  const playing = profiles.map(async (profile) => {
    for await (const _ of play(endless(profile, seed), target, stop.signal, { graceMs: 2000 }));
  })
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await Promise.all(playing)
    },
  }
}

// What people would do about a scenario, done: wrong fixes leave the slow checkouts, the right one ends them for good.
import type { Outcome } from '../../loadtest/outcome.ts'
import type { Setting } from '../kit/flags/flag.ts'
import { isSlow, objectiveOf, type State } from '../lens/evidence.ts'
import { mostStartLagMs } from './doubts.ts'
import { factsOf, samplesOf } from './driver-facts.ts'
import { playFor } from './play-window.ts'
import { type PlayOptions, settledOptions, warmUp } from './prove.ts'
import { expiring, type Scenario } from './scenario.ts'

/** `nothing` is the scenario as it is armed: without slow checkouts there would be nothing to mend. */
export type FixKind = 'nothing' | 'wrong' | 'right'
/** What became of the checkouts with a fix. `measured` is a sentence with its numbers. */
export type FixRow = { kind: FixKind; fix: string; because?: string; state: State; measured: string }

/** A right fix comes when things have been bad for a while. It is looked at after what was queued has been worked off. */
const usualSeconds = { incidentSeconds: 10, settlingSeconds: 5, restoredSeconds: 30 }
export type FixOptions = PlayOptions & Partial<typeof usualSeconds>

export const hasFixes = ({ rightFix, wrongFixes }: Scenario): boolean =>
  rightFix !== undefined || wrongFixes.some(({ set }) => set !== undefined)

/**
 * Tries every fix that can be done with flags, each on the scenario as armed, wrong ones first. The lab is calm and open
 * afterwards. @throws Error a sentence when the lab does not play along, or when `signal` aborts.
 */
export async function tryFixes(scenario: Scenario, given: FixOptions): Promise<FixRow[]> {
  const options = settledOptions({ ...usualSeconds, ...given })
  const { controls, windowSeconds, incidentSeconds, settlingSeconds, restoredSeconds } = options
  try {
    await controls.reset()
    await warmUp(options)
    const rows = [await look({ kind: 'nothing', fix: 'nothing' }, [], windowSeconds)]
    for (const { fix, because, set } of scenario.wrongFixes) {
      if (set !== undefined) rows.push(await look({ kind: 'wrong', fix, because }, set, windowSeconds))
    }
    const { rightFix } = scenario
    if (rightFix !== undefined)
      rows.push(await look({ kind: 'right', fix: rightFix.fix }, rightFix.set, restoredSeconds))
    return rows
  } finally {
    await controls.reset().catch(() => {})
    await controls.resume().catch(() => {})
  }

  async function look(
    about: Pick<FixRow, 'kind' | 'fix' | 'because'>,
    set: Setting[],
    seconds: number,
  ): Promise<FixRow> {
    await controls.reset()
    await controls.pause(incidentSeconds + settlingSeconds + seconds + 60)
    await arm(scenario.arm)
    if (about.kind === 'right') await play(incidentSeconds, 'before the fix')
    await arm(set)
    if (about.kind !== 'nothing') await play(settlingSeconds, 'settling')
    options.onProgress({ says: `${about.kind === 'nothing' ? 'armed' : about.fix}: ${seconds} s of checkouts` })
    const outcomes = await play(seconds, about.fix)
    return rowOf(about, outcomes)
  }

  function arm(settings: readonly Setting[]): Promise<void> {
    const until = new Date(Date.now() + (windowSeconds + restoredSeconds + 60) * 1000).toISOString()
    return controls.arm(expiring(settings, until))
  }

  function play(seconds: number, label: string): Promise<Outcome[]> {
    const { extraLoad } = scenario
    return playFor(seconds, { ...options, label, ...(extraLoad && { extraLoad }) })
  }
}

/**
 * Judges one fix. Pure. The objective must be met with the right one, and beyond doubt missed without or with a wrong one. A
 * checkout that fails is no better than a slow one.
 */
export function rowOf(about: Pick<FixRow, 'kind' | 'fix' | 'because'>, outcomes: readonly Outcome[]): FixRow {
  // Also those whose cart failed: they are no samples, but are no better for it.
  const failed = outcomes.filter(({ status }) => status >= 500)
  const served = samplesOf(outcomes).filter(({ status }) => status < 500)
  const bad = served.filter(isSlow).length + failed.length
  const { state, measured } = objectiveOf({ total: served.length + failed.length, slow: bad })
  const wanted = about.kind === 'right' ? state : opposite[state]
  const { startLagP99Ms } = factsOf(outcomes, 0)
  const isLate = startLagP99Ms > mostStartLagMs
  return {
    ...about,
    state: isLate ? 'inconclusive' : wanted,
    measured: [
      measured,
      failed.length === 0 ? [] : `${failed.length} of them failed`,
      isLate ? `the driver was late (start lag p99 ${Math.round(startLagP99Ms)} ms)` : [],
    ]
      .flat()
      .join('; '),
  }
}

const opposite: Record<State, State> = { held: 'failed', failed: 'held', inconclusive: 'inconclusive' }

// From three observed windows to the verdict on a scenario.
import { designBounds, isSlow } from '../lens/evidence.ts'
import { type Judgement, judgeScenario } from '../lens/verdict.ts'
import { busyDoubts, doubtsAbout } from './doubts.ts'
import type { ObservedWindow, Recording } from './recording.ts'
import { type Scenario, symptomsOf } from './scenario.ts'

/**
 * The verdict on three windows, observed just now or long ago. Pure. Windows that cannot be trusted prove nothing, neither
 * that the evidence held nor that it failed; and what failed on a busy machine may have failed because of that. Not so when next to nothing was slow while armed: no
 * machine hides a change by being busy.
 */
export function judge(scenario: Scenario, { windows }: Recording): Judgement {
  const claims = { symptoms: symptomsOf(scenario), alibis: scenario.alibis }
  const judgement = judgeScenario(claims, windows, doubtsAbout(windows, scenario.impact))
  const mayBeNoise = judgement.state === 'failed' && hasImpact(windows.armed, scenario)
  const doubts = mayBeNoise ? [...judgement.doubts, ...busyDoubts(windows)] : judgement.doubts
  return doubts.length > 0 ? { ...judgement, state: 'inconclusive', doubts } : judgement
}

function hasImpact({ samples }: ObservedWindow, { impact }: Scenario): boolean {
  const [atLeast] = { ...designBounds, ...impact }.slowShare
  return samples.filter(isSlow).length >= samples.length * atLeast
}

// From three observed windows to the verdict on a scenario.
import { designBounds, isSlow } from '../lens/evidence.ts'
import { type Judgement, judgeScenario } from '../lens/verdict.ts'
import { busyDoubts, doubtsAbout } from './doubts.ts'
import type { ObservedWindow, Recording } from './recording.ts'
import { claimsOf, type Scenario } from './scenario.ts'

/**
 * The verdict on three windows, observed just now or long ago. Pure. Windows that cannot be trusted prove nothing, neither
 * that the evidence held nor that it failed; and what failed on a busy machine may have failed because of that. Not so when next to nothing was slow while armed: no
 * machine hides a change by being busy.
 */
export function judge(scenario: Scenario, { windows }: Pick<Recording, 'windows'>): Judgement {
  const judgement = judgeScenario(claimsOf(scenario), windows, doubtsAbout(windows, scenario.impact))
  const mayBeNoise = judgement.state === 'failed' && (expectsNothing(scenario) || hasImpact(windows.armed, scenario))
  const doubts = mayBeNoise ? [...judgement.doubts, ...busyDoubts(windows)] : judgement.doubts
  return doubts.length > 0 ? { ...judgement, state: 'inconclusive', doubts } : judgement
}

/**
 * The proof of the proof: what the verdict would be had the change not been applied, so that the armed window were like the
 * calm one. Anything but *failed* means that the evidence shows nothing. Says nothing of a scenario in which nothing happens.
 */
export function judgeWithoutChange(scenario: Scenario, { windows }: Pick<Recording, 'windows'>): Judgement {
  const { calm, reset } = windows
  return judgeScenario(claimsOf(scenario), { calm, armed: calm, reset })
}

const expectsNothing = ({ control }: Scenario): boolean => control === 'nothing'

function hasImpact({ samples }: ObservedWindow, { impact }: Scenario): boolean {
  const [atLeast] = { ...designBounds, ...impact }.slowShare
  return samples.filter(isSlow).length >= samples.length * atLeast
}

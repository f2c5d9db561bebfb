// Which scenario a drill is about, and what people would do about it: drawn from the drill's seed.
import { pick, type Random } from '../../kit/random.ts'
import type { Scenario } from '../scenario.ts'

/** Somebody has to be told now and then that nothing is the matter. */
const controlShare = 0.15

/** One of the level, or once in a while one in which nothing is the matter, or nothing any more. */
export function drawn(scenarios: readonly Scenario[], level: number, random: Random): Scenario {
  const controls = scenarios.filter(({ control }) => control !== undefined)
  const others = scenarios.filter((one) => one.control === undefined && one.level === level)
  return random() < controlShare ? pick(random, controls) : pick(random, others)
}

/** Of a control those of another one: that there is nothing to mend must not be seen from the list. */
export function fixesOf(scenario: Scenario, scenarios: readonly Scenario[], random: Random): string[] {
  const others = scenarios.filter(({ control }) => control === undefined)
  const { rightFix, wrongFixes } = scenario.control === undefined ? scenario : pick(random, others)
  const all = [...(rightFix === undefined ? [] : [rightFix.fix]), ...wrongFixes.map(({ fix }) => fix)]
  return all
    .map((fix) => ({ fix, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ fix }) => fix)
}

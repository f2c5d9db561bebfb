// What would give an answer away, or should never leave the shop. One list; whole words.

import { scenarios } from '../../services/workshop/scenarios/index.ts'
import { shopFlags } from '../../services/workshop/shop-flags.ts'

/** Words that a team would not use for its own code in production. Not `flags`: OTLP has a field of that name. */
const words = `fault faults faulty inject injected injection chaos toxic sabotage simulate simulated simulation fake
  scenario scenarios drill workshop culprit decoy symptom armed disarmed arm disarm variant flag feature_flag
  slow-sometimes pathological artificial artificially demo-fault stampede backtracking hasty overseas tight`.split(
  /\s+/,
)

/** Flag names, the variants that say something, and scenario ids. */
export const tellingWords: readonly string[] = [
  ...words,
  ...scenarios.map((scenario) => scenario.id),
  ...shopFlags.flatMap((flag) => [flag.name, ...flag.variants.filter((variant) => variant.includes('-'))]),
]

/** Every telling word in a text, with what stands around it. Ignores case; a word ends where letters, digits, - and _ do. */
export function tellingIn(text: string, list: readonly string[] = tellingWords): string[] {
  const any = list.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  const pattern = new RegExp(`(?<![\\w-])(?:${any})(?![\\w-])`, 'gi')
  return [...text.matchAll(pattern)].map((match) => text.slice(Math.max(0, match.index - 60), match.index + 60))
}

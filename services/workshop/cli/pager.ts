// What whoever is on call gets to know of a scenario that keeps its name to itself.
import { errorBudget, slo } from '../../kit/slo.ts'
import { percent } from '../../lens/text.ts'
import type { ScenarioRun } from '../contract.ts'

/** That, how much and since when; never what. */
export function pageFor({ slow, checkouts, startedAt }: Pick<ScenarioRun, 'slow' | 'checkouts' | 'startedAt'>): string {
  const share = checkouts === 0 ? 0 : slow / checkouts
  const says = share > errorBudget ? 'checkout is burning its error budget' : 'a customer says that checkout is slow'
  const since = `${startedAt.slice(11, 19)} UTC`
  return `\nPAGER  ${says}: ${percent(share)} of ${checkouts} checkouts over ${slo.thresholdMs} ms since ${since} (at most ${percent(errorBudget)} may be)`
}

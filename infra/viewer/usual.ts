// Which of many traces stands for how a request usually goes.
import { slo } from '../../services/kit/slo.ts'
import type { TraceSummary } from '../../services/lens/sources/viewer.ts'
import { median } from '../../services/lens/statistics.ts'

/**
 * The trace whose duration is nearest to the median; undefined for none. Traces that are complete and without errors come
 * first: beside one with holes a slow trace cannot be read. So do quick ones: slow ones are kept for longer than others.
 */
export function usualOf(summaries: readonly TraceSummary[]): TraceSummary | undefined {
  const sound = summaries.filter(({ isComplete, errorCount }) => isComplete && errorCount === 0)
  const quick = sound.filter(({ durationMs }) => durationMs <= slo.thresholdMs)
  const candidates = [quick, sound, summaries].find(({ length }) => length > 0) ?? []
  const middleMs = median(candidates.map(({ durationMs }) => durationMs))
  const distance = ({ durationMs }: TraceSummary) => Math.abs(durationMs - middleMs)
  return candidates.toSorted((a, b) => distance(a) - distance(b))[0]
}

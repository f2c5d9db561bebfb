// What a run prints at its end: the workshop's report, or what k6 knows by itself.
import { countOf } from '../arrival-times.ts'
import type { Lesson } from '../lessons.ts'
import { droppedIn, isPartialIn, ownText, type SummaryData } from './own-numbers.ts'
import type { Prepared } from './set-up.ts'
import { reportOf } from './workshop.ts'

/** For `handleSummary`, which k6 calls at the end of every run, also of one that was ended early. */
export function summaryOf(lesson: Lesson, data: SummaryData): { stdout: string } {
  const prepared = data.setup_data as Prepared | undefined
  // `setup` did not succeed, and k6 has said why.
  if (prepared === undefined) return { stdout: '' }
  const planned = countOf(lesson.profile)
  const end = { dropped: droppedIn(data), isPartial: isPartialIn(data, planned) }
  const text = reportOf(prepared, end) ?? ownText(lesson, data, planned)
  return { stdout: `\n${text}\n` }
}

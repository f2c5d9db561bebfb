// Somebody in the office whose spreadsheet reads the shop's stock report again and again. Outside: not instrumented.
import type { Flags } from '../../services/kit/flags/watch.ts'
import type { Random } from '../../services/kit/random.ts'
import { again } from './again.ts'
import { officeHours } from './flags.ts'

export type ReaderOptions = { flags: Flags; random: Random; inventoryUrl: string; everyMs: number }

/** A report that takes longer than this is asked for anew, next time. */
const patienceMs = 10_000

/** Reads while the office is open, until disposed; a shop that is not there is asked again next time. */
export function startReportReader({ flags, inventoryUrl, ...when }: ReaderOptions): AsyncDisposable {
  const url = new URL('/stock-report', inventoryUrl)
  return again({
    ...when,
    isWanted: () => flags.pick(officeHours, { 'url.path': url.pathname }) === 'open',
    work: async (signal) => {
      const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]) })
      await response.arrayBuffer()
    },
  })
}

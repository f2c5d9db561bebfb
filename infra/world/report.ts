// Somebody in the office whose spreadsheet reads the shop's stock report again and again. Outside: not instrumented.
import { setTimeout as wait } from 'node:timers/promises'
import type { Flags } from '../../services/kit/flags/watch.ts'
import { between, type Random } from '../../services/kit/random.ts'
import { officeHours } from './flags.ts'

export type ReaderOptions = { flags: Flags; random: Random; inventoryUrl: string; everyMs: number }

/** How often the flag is looked at while nobody reads. */
const idleMs = 500
/** A report that takes longer than this is asked for anew, next time. */
const patienceMs = 10_000

/** Reads while the office is open, until disposed; a shop that is not there is asked again next time. */
export function startReportReader({ flags, random, inventoryUrl, everyMs }: ReaderOptions): AsyncDisposable {
  const stopping = new AbortController()
  const { signal } = stopping
  const pause = (ms: number) => wait(ms, undefined, { signal }).catch(() => {})
  const reading = (async () => {
    while (!signal.aborted) {
      if (flags.pick(officeHours, { 'url.path': '/stock-report' }) === 'closed') {
        await pause(idleMs)
        continue
      }
      await read(new URL('/stock-report', inventoryUrl), signal).catch(() => {})
      // Not to the second, or it would always meet the same second of other things that repeat.
      await pause(everyMs * 0.9 + between(random, 0, everyMs * 0.2))
    }
  })()
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort()
      await reading
    },
  }
}

async function read(url: URL, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]) })
  await response.arrayBuffer()
}

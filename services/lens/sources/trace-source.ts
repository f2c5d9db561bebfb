// What a backend that stores traces is asked, whichever it is.
import { slo } from '../../kit/slo.ts'
import { spans } from '../../kit/telemetry/names.ts'
import type { Window } from '../source.ts'
import { checkoutSpan, durationMs, type Trace } from '../trace.ts'
import type { Asked } from './request-json.ts'

/** A checkout that was found by its duration: that of api's server span, not of the whole trace. */
export type FoundCheckout = { traceId: string; durationMs: number }
export type CheckoutQuery = { window: Window; minDurationMs?: number; limit?: number }

export type TraceSource = {
  trace(id: string): Promise<Trace | undefined>
  /** Many traces at once, by id; the ones that the backend does not have are left out. */
  traces(ids: readonly string[]): Promise<Map<string, Trace>>
  /** Checkouts over `minDurationMs` (default: the SLO's threshold), slowest first. */
  slowCheckouts(query: CheckoutQuery): Promise<FoundCheckout[]>
  /** Runs TraceQL over a window; how many traces or series it answered with. Absent where it is not understood. */
  query?(text: string, window: Window): Promise<number>
}

/** What every search looks for. */
export const checkout = { service: 'api', name: spans.checkout } as const
export const searchDefaults = { minDurationMs: slo.thresholdMs, limit: 100 } as const

/** How sentences speak of a backend of the stack. */
export const inStack = (name: string): Asked => ({
  name,
  whatToDo: 'Is the stack up? `docker compose up -d --wait` starts it, `slow doctor` looks at it.',
})

/** So many questions go out at a time: a backend on the same machine has the shop beside it. */
const atATime = 8

/** For backends that know no other way: one question for each trace. */
export async function oneByOne(ids: readonly string[], ask: TraceSource['trace']): Promise<Map<string, Trace>> {
  const found = new Map<string, Trace>()
  const waiting = [...new Set(ids)].values()
  const work = async () => {
    for (const id of waiting) {
      const trace = await ask(id)
      if (trace !== undefined) found.set(id, trace)
    }
  }
  await Promise.all(Array.from({ length: atATime }, work))
  return found
}

/** For backends whose search answers with whole traces. */
export function slowestOf(traces: readonly Trace[], { limit = searchDefaults.limit }: CheckoutQuery): FoundCheckout[] {
  return traces
    .flatMap((trace) => {
      const span = checkoutSpan(trace)
      return span === undefined ? [] : [{ traceId: trace.traceId, durationMs: durationMs(span) }]
    })
    .sort((a, b) => b.durationMs - a.durationMs)
    .slice(0, limit)
}

// How soon after arming the evidence could be seen: on ever longer beginnings of the armed window. Pure.
import type { Observed } from '../lens/evidence.ts'
import type { Recording } from './recording.ts'
import type { Scenario } from './scenario.ts'

const stepMs = 1_000
/** Nothing is judged on fewer than a hundred checkouts. */
const earliestMs = 5_000

/**
 * From armed until every declared symptom holds on what had happened by then, and until that had arrived where it is looked at,
 * in ms. Undefined where no symptom is declared, or one does not hold even on the whole window. (That the impact is within its
 * bounds is about a whole window by definition, and left out.)
 */
export function evidenceAfterMs({ symptoms }: Scenario, { windows: { calm, armed } }: Recording): number | undefined {
  if (symptoms.length === 0) return undefined
  const wholeMs = armed.window.toMs - armed.window.fromMs
  let open = symptoms
  for (let ms = earliestMs; ms < wholeMs + stepMs; ms += stepMs) {
    const soFar = beginningOf(armed, Math.min(ms, wholeMs))
    open = open.filter((evidence) => evidence.judge(soFar, calm).state !== 'held')
    if (open.length === 0) return Math.min(ms, wholeMs) + (armed.lagMs ?? 0)
  }
  return undefined
}

/** What had happened by then: a checkout that still runs is not known of. */
function beginningOf(observed: Observed, ms: number): Observed {
  const { window, samples, logs } = observed
  const toMs = window.fromMs + ms
  return {
    ...observed,
    window: { ...window, toMs },
    samples: samples.filter(({ startMs, latencyMs }) => startMs + latencyMs <= toMs),
    logs: logs.filter(({ atMs }) => atMs <= toMs),
  }
}

// What is odd about slow traces and hardly ever about fast ones: see `findings`.
import { fewestSlow } from '../evidence/population.ts'
import { type FindingKind, findings } from '../findings.ts'
import { shareDifferenceP } from '../statistics.ts'
import type { Trace } from '../trace.ts'

/** Something odd that slow traces show far more often than fast ones; see `findings`. */
export type Structure = { kind: FindingKind; says: string; slowCount: number; fastCount: number }

/** In so many fast ones they are looked for. */
const enoughFast = 200
const significance = 0.01

/** The commonest first. */
export function structuresIn(slow: readonly Trace[], others: readonly Trace[]): Structure[] {
  const fast = others.slice(0, enoughFast)
  const [inSlow, inFast] = [kindsIn(slow), kindsIn(fast)]
  return [...inSlow]
    .flatMap(([kind, { count: slowCount, says }]): Structure[] => {
      const fastCount = inFast.get(kind)?.count ?? 0
      const p = shareDifferenceP({ hits: slowCount, total: slow.length }, { hits: fastCount, total: fast.length })
      const isCommoner = slowCount / slow.length > fastCount / Math.max(1, fast.length)
      return slowCount >= fewestSlow && isCommoner && p <= significance ? [{ kind, says, slowCount, fastCount }] : []
    })
    .sort((a, b) => b.slowCount - a.slowCount)
}

/** In how many traces a kind of finding is, and what one of them says. */
function kindsIn(traces: readonly Trace[]): Map<FindingKind, { count: number; says: string }> {
  const kinds = new Map<FindingKind, { count: number; says: string }>()
  for (const trace of traces) {
    const found = new Map(findings(trace).map(({ kind, says }) => [kind as FindingKind, says]))
    for (const [kind, says] of found) kinds.set(kind, { count: (kinds.get(kind)?.count ?? 0) + 1, says })
  }
  return kinds
}

// What "unusually slow" means for each kind of request, learnt from the last few hundred of them.

/** Observes a duration and answers with the p99 of the durations before it; Infinity until there are enough. */
export type RollingP99 = { observe(name: string, durationMs: number): number }

type Ring = { values: number[]; next: number; p99: number; untilRefresh: number }

/** A p99 over the last `size` values by name. It is recomputed every 50 values: it moves slowly and sorting is dear. */
export function createRollingP99({ size = 500, enough = 200, maxNames = 200 } = {}): RollingP99 {
  const rings = new Map<string, Ring>()

  function ringOf(name: string): Ring {
    const known = rings.get(name)
    if (known !== undefined) return known
    if (rings.size >= maxNames) rings.clear()
    const ring = { values: [], next: 0, p99: Number.POSITIVE_INFINITY, untilRefresh: enough }
    rings.set(name, ring)
    return ring
  }

  return {
    observe(name, durationMs) {
      const ring = ringOf(name)
      const before = ring.p99
      ring.values[ring.next] = durationMs
      ring.next = (ring.next + 1) % size
      ring.untilRefresh -= 1
      if (ring.untilRefresh === 0) {
        ring.p99 = percentile99(ring.values)
        ring.untilRefresh = 50
      }
      return before
    },
  }
}

function percentile99(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.POSITIVE_INFINITY
}

// Checkouts of which every ninth is slow and has a bulk cart, which no other has: the answer to "what differs" is known.
import { checkout } from './checkouts.ts'

/** The nth checkout begins here, a second after the one before. */
export const startMsOf = (n: number, from = 1_790_000_000_000): number => from + n * 1_000

/** `total` of them, beginning a second apart from `from`; the slow ones wait 600 ms in inventory. */
export function plantedCheckouts(total: number, from?: number) {
  const made = Array.from({ length: total }, (_, i) => i + 1).map((n) => {
    const isSlow = n % 9 === 0
    const { traceId, spans } = checkout({ n, waitMs: isSlow ? 600 : (n % 5) * 3 })
    const shiftMs = startMsOf(n, from)
    const shifted = spans.map((span) => ({ ...span, startMs: span.startMs + shiftMs, endMs: span.endMs + shiftMs }))
    return { traceId, isSlow, spans: shifted }
  })
  const slowIds = made.filter(({ isSlow }) => isSlow).map(({ traceId }) => traceId)
  return { checkouts: made, slowIds }
}

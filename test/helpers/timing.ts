// The one place for timing tolerance: how much later than promised a thing may be on a machine that others use too.
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Watches how long this process was kept from running; stop it before asking. */
export function watchStalls(): { stop(): void; allowed(limitMs: number): number } {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  return {
    stop: () => delay.disable(),
    /** The limit itself on a quiet machine; else the limit after the worst stall, which no timer could have beaten. */
    allowed: (limitMs) => {
      const worstMs = delay.max / 1e6
      return worstMs < limitMs ? limitMs : worstMs + limitMs
    },
  }
}

// Who has the shop to themselves: baseline traffic asks here whether it is to pause.
import type { SetTraffic, Traffic } from './contract.ts'

export type TrafficGate = ReturnType<typeof createTrafficGate>

/** Every pause ends by itself, so that a prover that crashed cannot silence the shop for ever. */
export function createTrafficGate(now: () => number = Date.now) {
  let pause: { reason?: string; untilMs: number } | undefined
  const state = (): Traffic => {
    if (pause === undefined || now() >= pause.untilMs) return { paused: false }
    const { reason, untilMs } = pause
    return { paused: true, until: new Date(untilMs).toISOString(), ...(reason === undefined ? {} : { reason }) }
  }
  return {
    state,
    set({ paused, reason, forSeconds }: SetTraffic): Traffic {
      const untilMs = now() + forSeconds * 1000
      pause = paused ? { untilMs, ...(reason === undefined ? {} : { reason }) } : undefined
      return state()
    },
  }
}

// Who has the shop to themselves: baseline traffic asks here whether it is to pause.
import type { SetTraffic, Traffic } from './contract.ts'
import { Busy } from './errors.ts'

export type TrafficGate = ReturnType<typeof createTrafficGate>

/** A pause that is its holder's alone, for as long as they keep saying so. */
export type Hold = { renew(): void; release(): void }

/** Every pause ends by itself, so that a prover that crashed cannot silence the shop for ever. */
export function createTrafficGate(now: () => number = Date.now) {
  let pause: { reason?: string; untilMs: number; holder?: Hold } | undefined
  const isPaused = () => pause !== undefined && now() < pause.untilMs
  const state = (): Traffic => {
    if (pause === undefined || !isPaused()) return { paused: false }
    const { reason, untilMs } = pause
    return { paused: true, until: new Date(untilMs).toISOString(), ...(reason === undefined ? {} : { reason }) }
  }
  /** @throws Busy with a sentence. */
  const refuseIfPaused = () => {
    if (!isPaused()) return
    throw new Busy(`The shop is taken${pause?.reason === undefined ? '' : ` (${pause.reason})`}: try again later.`)
  }
  return {
    state,
    refuseIfPaused,
    /** @throws Busy while somebody holds it: their pause is neither lifted nor replaced. */
    set({ paused, reason, forSeconds }: SetTraffic): Traffic {
      if (pause?.holder !== undefined) refuseIfPaused()
      const untilMs = now() + forSeconds * 1000
      pause = paused ? { untilMs, ...(reason === undefined ? {} : { reason }) } : undefined
      return state()
    },
    /** Pauses for so long, and as long again with each renewal. @throws Busy when the shop is taken. */
    hold(reason: string, forSeconds: number): Hold {
      refuseIfPaused()
      const renew = () => {
        if (pause?.holder === holder) pause.untilMs = now() + forSeconds * 1000
      }
      const release = () => {
        if (pause?.holder === holder) pause = undefined
      }
      const holder: Hold = { renew, release }
      pause = { reason, untilMs: now() + forSeconds * 1000, holder }
      return holder
    },
  }
}

// A hand-made recording of the scenario hot-product: three windows as its arithmetic predicts them, and facts of a driver on time.
import type { DriverFacts } from '../../services/workshop/driver-facts.ts'
import type { ObservedWindow, Recording } from '../../services/workshop/recording.ts'
import { armedMix, calmMix, type Mix, windowOf } from './hot-product.ts'

export const onTime: DriverFacts = { arrivals: 440, startLagP99Ms: 3, unanswered: 0, failed: 0, tracesMissing: 0 }

export const observedWindow = (mix: Mix, waitingSessions = 0, facts: Partial<DriverFacts> = {}): ObservedWindow => ({
  ...windowOf(mix, { waitingSessions }),
  facts: { ...onTime, ...facts },
})

/** `changes` replaces windows. */
export const recordingOf = (changes: Partial<Recording['windows']> = {}): Recording => ({
  version: 1,
  scenario: 'hot-product',
  seed: 7,
  recordedAt: '2026-11-24T12:00:00.000Z',
  windows: {
    calm: observedWindow(calmMix),
    armed: observedWindow(armedMix, 2),
    reset: observedWindow(calmMix),
    ...changes,
  },
})

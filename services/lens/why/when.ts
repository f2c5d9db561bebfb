// When the slow checkouts came: all the time, in bursts, at an even pace, or for a while and no longer.

import { burstsOf } from '../evidence/in-bursts.ts'
import type { Window } from '../source.ts'
import { median } from '../statistics.ts'

export type When = {
  /** Slow checkouts close together, each from its first to its last, in epoch ms. Single ones are left out. */
  bursts: Window[]
  /** Ms from burst to burst where they come at an even pace. */
  everyMs?: number
  /** None came after this moment, although it is too long ago for chance. */
  endedAtMs?: number
}

/** Between two bursts nothing is slow for so long. */
const quietMs = 2_000
const fewestInBurst = 3
const fewestBursts = 3
/** A beat may be this much (0–1) shorter or longer than the median one. */
const unevenness = 0.3
/** The end of a window means nothing when it has been quiet for less. */
const shortestSilenceMs = 5_000
const chance = 0.001

/** `startsMs` are those of slow checkouts. */
export function whenOf(startsMs: readonly number[], window: Window): When {
  const groups = burstsOf(startsMs, quietMs)
  const bursts = groups
    .filter(({ length }) => length >= fewestInBurst)
    .map((times) => ({ fromMs: times[0] ?? 0, toMs: times.at(-1) ?? 0 }))
  const everyMs = paceOf(bursts)
  const endedAtMs = endOf(startsMs, groups, window)
  return {
    bursts,
    ...(everyMs === undefined ? {} : { everyMs }),
    ...(endedAtMs === undefined ? {} : { endedAtMs }),
  }
}

function paceOf(bursts: readonly Window[]): number | undefined {
  const beats = bursts.slice(1).map(({ fromMs }, i) => fromMs - (bursts[i]?.fromMs ?? 0))
  if (bursts.length < fewestBursts) return undefined
  const beatMs = median(beats)
  return beats.every((ms) => Math.abs(ms - beatMs) <= beatMs * unevenness) ? beatMs : undefined
}

/** A silence counts when it is longer than twice any between bursts, and when as many draws would hardly all miss it. */
function endOf(startsMs: readonly number[], groups: readonly number[][], { fromMs, toMs }: Window): number | undefined {
  const lastMs = Math.max(...startsMs)
  const silenceMs = toMs - lastMs
  const pauses = groups.slice(1).map(([first = 0], i) => first - (groups[i]?.at(-1) ?? 0))
  const longestPauseMs = Math.max(quietMs, ...pauses)
  const byChance = ((lastMs - fromMs) / (toMs - fromMs)) ** startsMs.length
  const hasEnded = silenceMs >= shortestSilenceMs && silenceMs > 2 * longestPauseMs && byChance < chance
  return hasEnded ? lastMs : undefined
}

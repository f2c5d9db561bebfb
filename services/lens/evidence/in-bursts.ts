// Trace evidence about when: slow checkouts come in bursts, evenly spaced, with nothing slow between them.
import { median } from '../statistics.ts'
import { percent } from '../text.ts'
import { pasteSlowOverTime, pasteSlowTraces } from './paste.ts'
import { among, overSlowTraces } from './population.ts'
import type { Cohort, Evidence, Verdict } from './types.ts'

/** Two slow checkouts are chance, three close together are a burst. */
const fewestInBurst = 3
/** Fewer bursts than this have no rhythm. */
const fewestBursts = 3
/** A beat may be this much (0–1) shorter or longer than the median one. */
const tolerance = 0.3

type Options = {
  quietMs: number
  everyMs: readonly [atLeast: number, atMost: number]
  among?: Cohort
  atLeastShare?: number
}

/**
 * The slow checkouts, by when they came, fall into bursts with at least `quietMs` between the last of one and the first of
 * the next. At least `atLeastShare` (default 0.9) of them belong to a burst, and the bursts begin at an even pace, in the
 * median within `everyMs` of one another.
 */
export function inBursts(says: string, { among: cohort = {}, ...options }: Options): Evidence {
  return overSlowTraces(says, cohort, {
    judge: ({ slow }) =>
      judgeStarts(
        slow.map(({ sample }) => sample.startMs),
        options,
        among(cohort),
      ),
    paste: (window) => [pasteSlowOverTime(), ...pasteSlowTraces(window)],
  })
}

function judgeStarts(startsMs: number[], { quietMs, everyMs, atLeastShare = 0.9 }: Options, who: string): Verdict {
  const bursts = burstsOf(startsMs, quietMs).filter(({ length }) => length >= fewestInBurst)
  const share = bursts.reduce((sum, { length }) => sum + length, 0) / startsMs.length
  const onsets = bursts.map(([first = 0]) => first)
  const beats = onsets.slice(1).map((onset, i) => onset - (onsets[i] ?? 0))
  const beatMs = median(beats)
  const [atLeast, atMost] = everyMs
  const inSeconds = (ms: number) => (ms / 1000).toFixed(1)
  const pace =
    beats.length === 0
      ? ''
      : `, ${beats.map(inSeconds).join(', ')} s after one another (${inSeconds(atLeast)} to ${inSeconds(atMost)} s expected)`
  const measured = `${percent(share)} of ${startsMs.length} slow checkouts${who} came in ${bursts.length} bursts (at least ${percent(atLeastShare)} in ${fewestBursts} expected)${pace}`
  const isEven = beats.every((ms) => Math.abs(ms - beatMs) <= beatMs * tolerance)
  const isHeld =
    bursts.length >= fewestBursts && share >= atLeastShare && isEven && beatMs >= atLeast && beatMs <= atMost
  return { state: isHeld ? 'held' : 'failed', measured }
}

/** Times in groups, with at least `quietMs` from the last of one to the first of the next. */
export function burstsOf(startsMs: readonly number[], quietMs: number): number[][] {
  const bursts: number[][] = []
  for (const ms of startsMs.toSorted((a, b) => a - b)) {
    const last = bursts.at(-1)
    if (last === undefined || ms - (last.at(-1) ?? 0) > quietMs) bursts.push([ms])
    else last.push(ms)
  }
  return bursts
}

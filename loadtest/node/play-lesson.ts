// A lesson, played by the Node driver: first the users who wait, where it has any, then the arrivals of its profile.
import { play } from '../driver.ts'
import { closedPart, type Lesson, partAt } from '../lessons.ts'
import type { Outcome } from '../outcome.ts'
import { type Arrival, endless } from '../plan.ts'
import { playClosed } from './closed.ts'
import { watchLimits } from './limit-watch.ts'

export type PlayedNow = { part?: string; outcome: Outcome }

export type LessonPlay = {
  arrivals: readonly Arrival[]
  seed: number
  run: string
  target: URL
  signal: AbortSignal
  onPlayed: (played: PlayedNow) => void
}

/** @returns whether a limit ended it. */
export async function playLesson(lesson: Lesson, options: LessonPlay): Promise<{ isEndedByLimit: boolean }> {
  const { arrivals, seed, run, target, signal, onPlayed } = options
  const tokens = new Map<string, string>()
  const limit = new AbortController()
  const stop = AbortSignal.any([signal, limit.signal])
  const breaks = watchLimits(lesson, arrivals)
  const tell = (outcome: Outcome, part: string | undefined) => {
    const played = { ...(part === undefined ? {} : { part }), outcome }
    onPlayed(played)
    if (breaks(played)) limit.abort()
  }
  if (lesson.closed !== undefined) {
    // Behind those of the profile, so that no key is used twice.
    const others = endless(lesson.profile, seed, arrivals.length)
    await playClosed(target, stop, { ...lesson.closed, arrivals: others, run, tokens }, (outcome) =>
      tell(outcome, closedPart),
    )
  }
  if (!stop.aborted)
    for await (const outcome of play(arrivals, target, stop, { run, tokens }))
      tell(outcome, partAt(lesson, outcome.arrival.atMs))
  return { isEndedByLimit: limit.signal.aborted }
}

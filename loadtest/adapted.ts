// A lesson with another rate or another length: everything in it keeps its proportions.
import { rateIn } from './knee.ts'
import type { Lesson, Part } from './lessons.ts'

/** `rate` is a factor; `minutes` is how long the profile lasts. */
export type Adaptation = { rate?: number | undefined; minutes?: number | undefined }

export function adapted(lesson: Lesson, { rate = 1, minutes }: Adaptation): Lesson {
  const { profile, parts, incident, closed, limits } = lesson
  const longer = minutes === undefined ? 1 : (minutes * 60) / profile.durationSeconds
  const { stages } = profile
  const named = (name: string) => renamed(name, rate)
  return {
    ...lesson,
    profile: {
      ...profile,
      ratePerSecond: profile.ratePerSecond * rate,
      durationSeconds: profile.durationSeconds * longer,
      ...(stages && {
        stages: stages.map(({ toPerSecond, seconds }) => ({
          toPerSecond: toPerSecond * rate,
          seconds: seconds * longer,
        })),
      }),
    },
    parts: parts.map((part): Part => ({ ...stretched(part, longer), name: named(part.name) })),
    limits: limits.map(({ part, ...limit }) => (part === undefined ? limit : { ...limit, part: named(part) })),
    ...(incident && { incident: stretched(incident, longer) }),
    ...(closed && {
      closed: { users: Math.max(1, Math.round(closed.users * rate)), seconds: closed.seconds * longer },
    }),
  }
}

const stretched = <T extends { fromSeconds: number; toSeconds: number }>(stretch: T, longer: number): T => ({
  ...stretch,
  fromSeconds: stretch.fromSeconds * longer,
  toSeconds: stretch.toSeconds * longer,
})

/** A part that is called by its rate is called by its new rate: in three digits, for neighbours of 15 % must not share a name. */
const renamed = (name: string, rate: number): string => {
  const perSecond = rateIn(name)
  return Number.isNaN(perSecond) ? name : `${Number((perSecond * rate).toPrecision(3))}/s`
}

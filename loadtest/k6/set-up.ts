// Before the first visitor: a plan, a workshop that knows of it, and everybody signed in.
import { sleep } from 'k6'
import { adapted } from '../adapted.ts'
import { type Lesson, lessons } from '../lessons.ts'
import { plan } from '../plan.ts'
import { apiUrl, minutes, rate, seed } from './settings.ts'
import { send, signInAll, type Tokens } from './shop.ts'
import { type Announced, announce } from './workshop.ts'

/** Handed to every visitor. */
export type Prepared = Announced & { tokens: Tokens }

/** The baseline asks twice a second whether it is to be quiet. */
const untilQuietSeconds = 1

/** A lesson by its file's name, with the rate and the length that were asked for. */
export function lessonNamed(id: string): Lesson {
  const lesson = lessons.find((each) => each.id === id)
  if (lesson === undefined) throw new Error(`No lesson is called ${id}`)
  return adapted(lesson, { rate, minutes })
}

export function prepare(lesson: Lesson): Prepared {
  const isOpen = send({ name: 'products', method: 'GET', path: '/api/products' }, {}, {}).status !== 0
  if (!isOpen) throw new Error(`The shop at ${apiUrl} does not answer`)
  const arrivals = plan(lesson.profile, seed)
  const announced = announce(lesson, arrivals)
  const tokens = signInAll([...new Set(arrivals.map(({ persona }) => persona.userId))], announced.run)
  sleep(untilQuietSeconds)
  return { ...announced, tokens }
}

// The lesson that is meant, or a sentence with those that there are.
import { type Lesson, lessons } from '../../loadtest/lessons.ts'
import { listClosest } from './closest.ts'
import { UnknownLesson } from './errors.ts'

/** @throws UnknownLesson listing the lessons, the most similar first. */
export function lessonNamed(id: string): Lesson {
  const lesson = lessons.find((candidate) => candidate.id === id)
  if (lesson !== undefined) return lesson
  const ids = lessons.map((candidate) => candidate.id)
  throw new UnknownLesson(`There is no lesson "${id}". Lessons are: ${listClosest(id, ids)}.`)
}

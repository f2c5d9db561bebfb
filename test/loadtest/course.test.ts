// Each lesson is there three times: as data, as a script, and in the course. They agree.
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { lessons } from '../../loadtest/lessons.ts'
import { scriptOf, sectionOf } from '../helpers/course.ts'

test('every lesson has a script of its name, and every numbered script is a lesson', () => {
  const numbered = readdirSync(resolve(import.meta.dirname, '../../loadtest')).filter((name) => /^\d\d-/.test(name))
  expect(numbered).toEqual(lessons.map(({ id }) => `${id}.ts`))
})

test.for(lessons)('$id says in its script what it asks, and how it is run', (lesson) => {
  const script = scriptOf(lesson)
  expect(script.split('\n', 1)[0]?.toLowerCase()).toBe(`// ${lesson.title}: ${lesson.question}`.toLowerCase())
  expect(script).toContain(`\n// docker compose run --rm k6 run /loadtest/${lesson.id}.ts\n`)
  expect(script).toContain(`lessonNamed('${lesson.id}')`)
})

test.for(lessons)('$id plays its profile with the executor that can', ({ id, profile, closed }) => {
  const executor = profile.stages === undefined ? 'constantArrivalRate' : 'rampingArrivalRate'
  expect(scriptOf({ id })).toContain(`${executor}(lesson)`)
  expect(scriptOf({ id }).includes('constantVus(')).toBe(closed !== undefined)
})

test.for(lessons)('$id has a section with question, command, what to see, why, and how it ends', (lesson) => {
  const section = sectionOf(lesson)
  expect(section?.heading).toBe(`${lesson.id.slice(0, 2)} ${lesson.title}`)
  expect(section?.question).toBe(lesson.question)
  expect(section?.commands[0]).toBe(`docker compose run --rm k6 run /loadtest/${lesson.id}.ts`)
  expect(section?.says).toMatch(/^\*\*What to see\.\*\* /m)
  expect(section?.says).toMatch(/^\*\*Why\.\*\* /m)
  expect([0, 99]).toContain(section?.exit)
})

test('a lesson without limits cannot be said to break one', () => {
  const breaking = lessons.filter((lesson) => sectionOf(lesson)?.exit === 99)
  expect(breaking.map(({ id }) => id)).toEqual(['05-knee', '08-cohorts'])
  expect(breaking.filter(({ limits }) => limits.length === 0)).toEqual([])
})

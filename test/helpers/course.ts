// loadtest/README.md taken apart: what it says of each lesson.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Lesson } from '../../loadtest/lessons.ts'

const folder = resolve(import.meta.dirname, '../../loadtest')
const readme = readFileSync(join(folder, 'README.md'), 'utf8')

export type Section = { heading: string; question?: string; commands: string[]; exit?: number; says: string }

/** Undefined when the course leaves the lesson out. */
export function sectionOf({ id }: Pick<Lesson, 'id'>): Section | undefined {
  const says = readme.split(/^## /m).find((section) => section.startsWith(`${id.slice(0, 2)} `))
  if (says === undefined) return undefined
  const question = /^\*(.+\?)\*$/m.exec(says)?.[1]
  const exit = /^\*\*Ends with (\d+)/m.exec(says)?.[1]
  return {
    heading: says.split('\n', 1)[0] ?? '',
    commands: [...says.matchAll(/^(docker compose run .+?)(?: +#.*)?$/gm)].map((match) => match[1] as string),
    says,
    ...(question === undefined ? {} : { question }),
    ...(exit === undefined ? {} : { exit: Number(exit) }),
  }
}

export const scriptOf = ({ id }: Pick<Lesson, 'id'>): string => readFileSync(join(folder, `${id}.ts`), 'utf8')

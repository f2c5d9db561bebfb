// What `npm run load` can be told, and which lesson is meant by it.
import { Command, InvalidArgumentError } from 'commander'
import { adapted } from '../adapted.ts'
import { countOf } from '../arrival-times.ts'
import type { LoadtestConfig } from '../config.ts'
import { type Lesson, lessons } from '../lessons.ts'
import { whyNotWritable } from './writable.ts'

export type LoadOptions = {
  node: boolean
  k6?: string
  seed: number
  rate?: number
  minutes?: number
  json?: string
  html?: string
  list: boolean
}

/** Bad usage that commander cannot know of. The message is a sentence. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** Throws commander's error after it has printed help or what is wrong. */
export function parseOptions(argv: string[]): LoadOptions & { lesson?: string } {
  const program = new Command('npm run load --')
    .description('Plays a lesson of loadtest/ against the shop and reports how long checkouts took.')
    .argument('[lesson]', 'its number or its name: 02, steady, 02-steady')
    .option('--node', 'play it with Node: needs neither Docker nor k6', false)
    .option('--k6 <program>', 'play it with the k6 of this machine instead of the one in its container')
    .option('--seed <number>', 'which visitors come; the same seed brings the same ones', wholeNumber, 1)
    .option('--rate <factor>', 'so many times as many a second, such as 0.5', numberUpTo(20))
    .option('--minutes <minutes>', 'how long it lasts; its parts keep their proportions', numberUpTo(1440))
    .option('--json <file>', 'write the report as JSON')
    .option('--html <file>', 'write the report as a page that needs nothing else')
    .option('--list', 'say which lessons there are', false)
    .addHelpText(
      'after',
      `
Each report is also kept below .data/loads/, and in the workshop at http://localhost:8088/loads/….
With --node or --k6, API_URL and WORKSHOP_URL name another shop and workshop; PORT_BASE moves both.
Exit code: 0 every limit holds, 99 one is broken, 130 stopped by Ctrl-C, 2 bad usage, 1 anything else.`,
    )
    .allowExcessArguments(false)
    .exitOverride()
    .parse(argv)
  const [lesson] = program.args
  return { ...program.opts<LoadOptions>(), ...(lesson === undefined ? {} : { lesson }) }
}

/** The lesson at the rate and for as long as was asked. @throws UsageError */
export function chosenLesson(wanted: string | undefined, options: Omit<LoadOptions, 'list'>): Lesson {
  if (wanted === undefined) throw new UsageError(`Which lesson? There are:\n${listOfLessons()}`)
  if (options.node && options.k6 !== undefined) throw new UsageError('Expected --node or --k6, one of them.')
  const lesson = lessons.find(({ id, title }) => namesOf(id, title).includes(wanted.toLowerCase()))
  if (lesson === undefined) throw new UsageError(`There is no lesson "${wanted}". There are:\n${listOfLessons()}`)
  for (const file of [options.json, options.html]) refuseUnlessWritable(file)
  return adapted(lesson, options)
}

/** k6 in its container visits the shop of its stack, whatever the environment says. @throws UsageError */
export function refuseAnotherShop(
  { node, k6 }: Pick<LoadOptions, 'node' | 'k6'>,
  { API_URL, WORKSHOP_URL }: Pick<LoadtestConfig, 'API_URL' | 'WORKSHOP_URL'>,
): void {
  if (node || k6 !== undefined) return
  const given = Object.entries({ API_URL, WORKSHOP_URL }).flatMap(([name, url]) => (url === undefined ? [] : [name]))
  if (given.length > 0)
    throw new UsageError(
      `${given.join(' and ')} would not reach k6 in its container, which visits the shop beside it: use --node or --k6, or unset ${given.length === 1 ? 'it' : 'them'}.`,
    )
}

/** `02-steady` is 2, 02, steady, 02-steady, and its title. */
const namesOf = (id: string, title: string): string[] => {
  const [number = '', ...rest] = id.split('-')
  return [id, number, String(Number(number)), rest.join('-'), title.toLowerCase()]
}

export function listOfLessons(): string {
  return lessons
    .map((lesson) => {
      const seconds = lesson.profile.durationSeconds + (lesson.closed?.seconds ?? 0)
      return `  ${lesson.id.padEnd(20)} ${String(seconds).padStart(5)} s ${String(countOf(lesson.profile)).padStart(6)} checkouts   ${lesson.question}`
    })
    .join('\n')
}

/** A path that cannot be written to is told of now, and not when the run is over. */
function refuseUnlessWritable(file: string | undefined): void {
  const why = file === undefined ? undefined : whyNotWritable(file)
  if (why !== undefined) throw new UsageError(why)
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('Expected a whole number from 0.')
  return value
}

const numberUpTo =
  (most: number) =>
  (text: string): number => {
    const value = Number(text)
    if (!(value > 0 && value <= most)) throw new InvalidArgumentError(`Expected a number above 0 and up to ${most}.`)
    return value
  }

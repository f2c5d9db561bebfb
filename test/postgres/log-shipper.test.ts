import { appendFile, mkdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { followLogs } from '../../infra/postgres/log-shipper.ts'
import { eventually } from '../helpers/eventually.ts'
import { makeTempFolder } from '../helpers/temp-folder.ts'

test('passes on what is written after it started, within a second', async () => {
  const { file, lines, follow } = await newLog()
  await writeFile(file('00'), 'old\n')
  await follow()

  await appendFile(file('00'), 'new\n')

  await eventually('the new line arrives', () => expect(lines).toEqual(['new']), { withinMs: 1_000 })
})

test('waits for the end of a line, and a character cut in two stays whole', async () => {
  const { file, lines, follow } = await newLog()
  await follow()
  const bytes = Buffer.from('naïve – 10 €\n')

  for (const part of [bytes.subarray(0, 3), bytes.subarray(3, 14), bytes.subarray(14)]) {
    await appendFile(file('00'), part)
    await follow.settled()
  }

  await eventually('the line arrives whole', () => expect(lines).toEqual(['naïve – 10 €']))
})

test('goes on in the next file and in a file that is overwritten, losing and repeating nothing', async () => {
  const { file, lines, follow } = await newLog()
  await follow()
  await appendFile(file('00'), 'one\ntwo\n')
  await appendFile(file('10'), 'three\n')
  await eventually('both files are read', () => expect(lines).toEqual(['one', 'two', 'three']))

  await truncate(file('00'))
  await follow.settled()
  await appendFile(file('00'), 'four\n')
  await appendFile(file('10'), 'five\n')

  await eventually('both go on', () => expect(lines).toEqual(['one', 'two', 'three', 'four', 'five']))
})

test('starts where an earlier follower ended, with what was written in between', async () => {
  const { file, lines, follow } = await newLog()
  const first = await follow()
  await appendFile(file('00'), 'one\ntw')
  await eventually('the first line arrives', () => expect(lines).toEqual(['one']))
  await first[Symbol.asyncDispose]()

  await appendFile(file('00'), 'o\n')
  await appendFile(file('10'), 'three\n')
  await follow()

  await eventually('nothing is missing', () => expect(lines).toEqual(['one', 'two', 'three']))
})

test('a folder that appears later is followed from then on', async () => {
  const { folder, file, lines, follow } = await newLog('later')
  await follow()
  await mkdir(folder)
  await appendFile(file('00'), 'line\n')

  await eventually('the line arrives', () => expect(lines).toEqual(['line']))
})

async function newLog(under = '') {
  const root = await makeTempFolder()
  const folder = join(root, under)
  const lines: string[] = []
  const follow = async () => {
    const follower = await followLogs({
      logDir: folder,
      positionsFile: join(root, 'positions'),
      onLine: (line) => lines.push(line),
      everyMs: 10,
    })
    onTestFinished(() => follower[Symbol.asyncDispose]())
    return follower
  }
  // Several rounds of reading, so that the parts are really seen apart.
  follow.settled = () => new Promise((resolve) => setTimeout(resolve, 60))
  return { folder, file: (minute: string) => join(folder, `postgres-${minute}.json`), lines, follow }
}

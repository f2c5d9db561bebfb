// What a bench can be told, and what it refuses before it measures anything.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { parseOptions } from '../../../infra/local/bench/options.ts'
import { makeTempFolder } from '../../helpers/temp-folder.ts'

const parsed = (...args: string[]) => parseOptions(['calm', 'knee'], ['node', 'bench.ts', ...args])

/** What is printed when it is refused. */
function refused(...args: string[]): string {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  onTestFinished(() => written.mockRestore())
  expect(() => parsed(...args)).toThrow()
  return written.mock.calls.map(([text]) => String(text)).join('')
}

test('a file that cannot be written to is told of before anything is measured', async () => {
  const path = await makeTempFolder()
  expect(refused('--json', join(path, 'none', 'b.json'))).toContain('b.json cannot be written to (ENOENT).')
  expect(refused('--json', path)).toContain('cannot be written to (EISDIR).')
})

test('trying does not take from a file what it holds', async () => {
  const file = join(await makeTempFolder(), 'b.json')
  await writeFile(file, 'last time')
  expect(parsed('--json', file).json).toBe(file)
  expect(await readFile(file, 'utf8')).toBe('last time')
})

test('a bench that there is not is refused, naming those that there are', () => {
  expect(refused('--only', 'calm', 'clam')).toContain('There is no bench clam: there are calm, knee.')
  expect(parsed('--only', 'calm')).toMatchObject({ only: ['calm'], long: false, minutes: 20 })
})

// Postgres's own log files, as far as the one who starts it cares.
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { recordOf } from './log-lines.ts'

/** Every start may begin a file of another name, so files of earlier runs would add up. */
export async function dropOldLogs(logDir: string): Promise<void> {
  const newestFirst = (await logFilesOf(logDir)).reverse()
  await Promise.all(newestFirst.slice(2).map((name) => rm(join(logDir, name), { force: true })))
}

/** What the server said last before it gave up. */
export async function lastFatalMessage(logDir: string, sinceMs: number): Promise<string | undefined> {
  const newest = (await logFilesOf(logDir)).at(-1)
  const text = newest ? await readFile(join(logDir, newest), 'utf8').catch(() => '') : ''
  const records = text.split('\n').flatMap((line) => recordOf(line) ?? [])
  return records.findLast(({ severity, atMs }) => severity === 'fatal' && atMs >= sinceMs)?.body
}

async function logFilesOf(logDir: string): Promise<string[]> {
  const names = (await readdir(logDir)).filter((name) => name.endsWith('.json') || name.endsWith('.log'))
  const dated = await Promise.all(names.map(async (name) => ({ name, atMs: (await stat(join(logDir, name))).mtimeMs })))
  return dated.toSorted((a, b) => a.atMs - b.atMs).map(({ name }) => name)
}

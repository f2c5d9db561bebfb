// What an earlier run left behind: a dead server, a living one, a broken folder, data of another version.
import { spawn } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isAlive } from '../../infra/postgres/alive.ts'
import { isServerOf } from '../../infra/postgres/postmaster.ts'
import { newSite, query } from '../helpers/postgres-site.ts'

test('is recovered with its data after a kill -9, said in one line', async () => {
  const site = await newSite()
  const first = await site.start()
  await query(first, 'CREATE TABLE kept AS SELECT 42 AS answer')
  process.kill(first.pid, 'SIGKILL')
  await first.ended

  await using second = await site.start()

  expect(await query(second, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }])
  expect(site.said).toEqual([expect.stringContaining('recovered')])
})

test('stops a server of an earlier run that still works on the folder and starts again', async () => {
  const site = await newSite()
  const orphan = await site.start()

  await using second = await site.start()

  expect(isAlive(orphan.pid)).toBe(false)
  expect(await query(second, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  expect(site.said).toEqual([expect.stringMatching(new RegExp(`pid ${orphan.pid}.*still running`))])
})

test('does not touch a stranger whose pid an old pid file names', async () => {
  const site = await newSite()
  const stranger = spawn('sleep', ['30'])
  onTestFinished(() => void stranger.kill('SIGKILL'))
  await writeFile(join(site.dataDir, 'postmaster.pid'), `${stranger.pid}\n${site.dataDir}\n`)

  await using _server = await site.start()

  expect(isAlive(stranger.pid)).toBe(true)
  expect(await isServerOf(stranger.pid ?? 0, site.dataDir)).toBe(false)
  expect(site.said).toEqual([expect.stringContaining('recovered')])
})

test('moves a folder that does not start aside and says where the old data is', async () => {
  const site = await newSite()
  await rm(join(site.dataDir, 'global'), { recursive: true })

  await using server = await site.start()

  expect(await query(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  expect(site.said).toHaveLength(1)
  const aside = /the old data is in (\S+)$/.exec(site.said[0] ?? '')?.[1]
  expect(await readFile(join(aside ?? '', 'PG_VERSION'), 'utf8')).toBe('18\n')
})

test('moves data of another major version aside', async () => {
  const site = await newSite({ isMade: false })
  await mkdir(site.dataDir)
  await writeFile(join(site.dataDir, 'PG_VERSION'), '17\n')

  await using _server = await site.start()

  expect(site.said).toEqual([expect.stringContaining('is of Postgres 17, not 18')])
})

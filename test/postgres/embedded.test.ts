import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { isAlive } from '../../infra/postgres/alive.ts'
import { type Postgres, startPostgres } from '../../infra/postgres/embedded.ts'
import { isServerOf } from '../../infra/postgres/postmaster.ts'
import { makeDataFolder } from '../helpers/data-folder.ts'
import { eventually } from '../helpers/eventually.ts'
import { freePort } from '../helpers/free-port.ts'
import { makeTempFolder } from '../helpers/temp-folder.ts'

test('starts on a new folder, only on loopback, and leaves no process', async () => {
  const site = await newSite({ isMade: false })
  const server = await site.start()

  const [row] = await query(server, 'SELECT inet_server_addr()::text AS address, current_setting($1) AS fsync', [
    'fsync',
  ])
  await server[Symbol.asyncDispose]()

  expect(row).toEqual({ address: '127.0.0.1/32', fsync: 'on' })
  expect(isAlive(server.pid)).toBe(false)
  expect(site.said).toEqual([])
})

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
  const site = await newSite()
  await writeFile(join(site.dataDir, 'PG_VERSION'), '17\n')

  await using _server = await site.start()

  expect(site.said).toEqual([expect.stringContaining('is of Postgres 17, not 18')])
})

test('names a port that is taken, and what to do', async () => {
  const site = await newSite()
  const other = createServer().listen(site.port, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())

  await expect(site.start()).rejects.toThrow(`Port ${site.port} is taken, and Postgres needs it.`)
  await expect(site.start()).rejects.toThrow('PORT_BASE=100 npm start')
})

test('writes JSON log lines that keep the comment and leave out bind values', async () => {
  const site = await newSite()
  await using server = await site.start()
  const comment = `/*traceparent='00-${'a'.repeat(32)}-${'b'.repeat(16)}-01'*/`

  await query(server, `SELECT pg_sleep($1), length($2) ${comment}`, [0.25, 'tok_secret'])

  await eventually('the slow statement is in the log', async () => {
    const files = (await readdir(server.logDir)).filter((name) => server.logFiles.test(name))
    const text = (await Promise.all(files.map((name) => readFile(join(server.logDir, name), 'utf8')))).join('')
    expect(text).toContain(comment)
    expect(text).not.toContain('tok_secret')
  })
})

async function newSite({ isMade = true } = {}) {
  const folder = await makeTempFolder()
  const said: string[] = []
  const site = { dataDir: join(folder, 'data'), logDir: join(folder, 'log'), port: await freePort() }
  if (isMade) await makeDataFolder(site.dataDir)
  const start = async () => {
    const server = await startPostgres({ ...site, say: (line) => said.push(line) })
    onTestFinished(() => server[Symbol.asyncDispose]())
    return server
  }
  return { ...site, said, start }
}

async function query(server: Postgres, text: string, values?: unknown[]): Promise<unknown[]> {
  const client = new pg.Client(server.url('postgres', 'postgres'))
  await client.connect()
  try {
    return (await client.query(text, values)).rows
  } finally {
    await client.end()
  }
}

import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isAlive } from '../../infra/postgres/alive.ts'
import { eventually } from '../helpers/eventually.ts'
import { newSite, query } from '../helpers/postgres-site.ts'

test('starts on a new folder, only on loopback, and leaves no process', async () => {
  const site = await newSite({ isMade: false, isDurable: true })
  const server = await site.start()

  const [row] = await query(server, 'SELECT inet_server_addr()::text AS address, current_setting($1) AS fsync', [
    'fsync',
  ])
  await server[Symbol.asyncDispose]()

  expect(row).toEqual({ address: '127.0.0.1/32', fsync: 'on' })
  expect(isAlive(server.pid)).toBe(false)
  expect(site.said).toEqual([])
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

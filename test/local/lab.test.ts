// The runner with small stand-ins for the services; Postgres is real. The whole lab is started by the stack tests.
import { once } from 'node:events'
import { createServer } from 'node:http'
import pg from 'pg'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Lab } from '../../infra/local/lab.ts'
import { memoryOf } from '../../infra/local/memory.ts'
import { isAlive } from '../../infra/postgres/alive.ts'
import { eventually } from '../helpers/eventually.ts'
import { freePort } from '../helpers/free-port.ts'
import { idle, openStandInLab, standIn, startStandInLab } from '../helpers/stand-in-lab.ts'

// Most tests look at one lab that stays; starting one takes about a second.
let shared: Awaited<ReturnType<typeof openStandInLab>>
beforeAll(async () => {
  shared = await openStandInLab([standIn('inventory', idle), standIn('world', idle, { stage: 'around' })])
})
afterAll(() => shared?.[Symbol.asyncDispose]())

test('the database is there and migrated, for each role', async () => {
  expect(await ask(shared.lab, 'api', 'SELECT current_user AS who')).toEqual([{ who: 'api' }])
  expect(Object.keys(shared.lab.pids()).toSorted()).toEqual(['inventory', 'postgres', 'world'])
})

test('a process that dies is started again, said in a line', async () => {
  const { lab, said } = shared
  const before = lab.pids().inventory

  lab.kill('inventory', 'SIGKILL')

  await eventually('inventory runs again', () => {
    expect(lab.pids().inventory).toBeDefined()
    expect(lab.pids().inventory).not.toBe(before)
  })
  expect(said).toContain('inventory ended (SIGKILL), started again')
})

test('Postgres is started again when it ends, and the data is still there', async () => {
  const { lab, said } = shared
  const before = lab.pids().postgres

  process.kill(before ?? 0, 'SIGKILL')

  await eventually('it runs again', async () => {
    expect(lab.pids().postgres).not.toBe(before)
    expect(await ask(lab, 'auditor', 'SELECT 1 FROM public.applied_migrations LIMIT 1')).toHaveLength(1)
  })
  expect(said).toEqual(expect.arrayContaining(['postgres ended, started again', expect.stringContaining('recovered')]))
})

test('a second run on the same folder is refused, and the first goes on', async () => {
  const { dataDir, pids } = shared.lab

  await expect(startStandInLab([], { dataDir })).rejects.toThrow(
    `Process ${process.pid} already runs a lab on ${dataDir}.`,
  )
  expect(isAlive(pids().postgres)).toBe(true)
})

test('memory is counted for each process, with what it started', async () => {
  const { bytes, totalBytes } = await eventually('the processes have their memory', async () => {
    const memory = await memoryOf(shared.lab.pids())
    expect(memory.bytes.world).toBeGreaterThan(2_000_000)
    return memory
  })

  expect(bytes.postgres).toBeGreaterThan(10_000_000)
  expect(totalBytes).toBe(Object.values(bytes).reduce((sum, each) => sum + each, 0))
})

test('a port that is taken is named with the process that needs it before anything starts', async () => {
  const port = await freePort()
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())

  await expect(startStandInLab([standIn('payment-2', idle, { port })])).rejects.toThrow(
    `Port ${port} is taken, and payment-2 needs it.\nStop what listens there, or move every port: PORT_BASE=100 npm start`,
  )
})

test('processes stop before what they need, each may drain, and none is left', async () => {
  const slowly = (name: string, ms: number) =>
    `process.on("SIGTERM", () => setTimeout(() => { console.log("${name} ends"); process.exit() }, ${ms})); console.log("${name} up"); ${idle}`
  const { lab, said } = await startStandInLab([
    standIn('viewer', slowly('viewer', 0), { stage: 'viewer', isTold: true }),
    standIn('api', slowly('api', 300), { isTold: true }),
    standIn('baseline', slowly('baseline', 100), { stage: 'traffic', isTold: true }),
  ])
  await eventually('all are up', () => expect(said.filter((line) => line.endsWith(' up'))).toHaveLength(3))
  const pids = Object.values(lab.pids())

  await lab[Symbol.asyncDispose]()

  const ends = said.filter((line) => line.endsWith(' ends')).map((line) => line.split(':')[0])
  expect(ends).toEqual(['baseline', 'api', 'viewer'])
  expect(pids.filter((pid) => isAlive(pid))).toEqual([])
})

test('a process that cannot start fails the lab with its last lines', async () => {
  const { lab } = await startStandInLab([standIn('pricing', 'console.error("no such table"); process.exit(1)')])

  await expect(lab.failed).rejects.toThrow(/^pricing keeps ending \(exit code 1\)[\s\S]*no such table/)
})

async function ask(lab: Lab, role: string, text: string): Promise<unknown[]> {
  const client = new pg.Client(lab.databaseUrl(role))
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

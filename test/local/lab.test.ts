// The runner with small stand-ins for the services; Postgres is real. The whole lab is started by the stack tests.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { type LabOptions, startLab } from '../../infra/local/lab.ts'
import { memoryOf } from '../../infra/local/memory.ts'
import type { ProcessSpec } from '../../infra/local/topology.ts'
import { isAlive } from '../../infra/postgres/alive.ts'
import { ports } from '../../services/kit/ports.ts'
import { copyOfNewDataFolder } from '../helpers/data-folder.ts'
import { eventually } from '../helpers/eventually.ts'
import { freePort } from '../helpers/free-port.ts'
import { makeTempFolder } from '../helpers/temp-folder.ts'

const idle = 'setInterval(() => {}, 1000)'
const standIn = (name: string, code: string, more: Partial<ProcessSpec> = {}): ProcessSpec => ({
  ...{ name, args: ['-e', code], env: {}, stage: 'shop', needsDatabase: true },
  ...more,
})

test('starts a migrated database and the processes, restarts what dies, and leaves nothing behind', async () => {
  const said: string[] = []
  const lab = await start({
    processes: () => [standIn('inventory', idle), standIn('world', idle, { stage: 'around' })],
    said,
  })
  const first = lab.pids()
  expect(Object.keys(first).toSorted()).toEqual(['inventory', 'postgres', 'world'])
  const client = new pg.Client(lab.databaseUrl('api'))
  await client.connect()
  expect((await client.query('SELECT current_user AS who')).rows).toEqual([{ who: 'api' }])
  await client.end()

  lab.kill('inventory', 'SIGKILL')
  await eventually('inventory runs again', () => expect(lab.pids().inventory).not.toBe(first.inventory ?? 0))
  await eventually('inventory has a pid', () => expect(lab.pids().inventory).toBeDefined())
  const all = [...Object.values(first), ...Object.values(lab.pids())]
  await lab[Symbol.asyncDispose]()

  expect(all.filter(isAlive)).toEqual([])
  expect(said).toContain('inventory ended (SIGKILL), started again')
})

test('Postgres is started again when it ends, and the data is still there', async () => {
  const said: string[] = []
  const lab = await start({ processes: () => [], said })
  const before = lab.pids().postgres

  process.kill(before ?? 0, 'SIGKILL')

  await eventually('it runs again', async () => {
    const client = new pg.Client(lab.databaseUrl('auditor'))
    await client.connect()
    await client.query('SELECT * FROM public.applied_migrations')
    await client.end()
    expect(lab.pids().postgres).not.toBe(before)
  })
  expect(said).toEqual(expect.arrayContaining(['postgres ended, started again', expect.stringContaining('recovered')]))
})

test('services are stopped before what they need, and each may drain', async () => {
  const order: string[] = []
  const slowly = (name: string, ms: number) =>
    `process.on("SIGTERM", () => setTimeout(() => { console.log("${name} ends"); process.exit() }, ${ms})); console.log("${name} up"); ${idle}`
  const said: string[] = []
  const lab = await start({
    said,
    processes: () => [
      standIn('viewer', slowly('viewer', 0), { stage: 'viewer', isTold: true }),
      standIn('api', slowly('api', 300), { isTold: true }),
      standIn('baseline', slowly('baseline', 100), { stage: 'traffic', isTold: true }),
    ],
  })
  await eventually('all are up', () => expect(said.filter((line) => line.endsWith(' up'))).toHaveLength(3))

  await lab[Symbol.asyncDispose]()

  order.push(...said.filter((line) => line.endsWith(' ends')).map((line) => line.split(':')[0] ?? ''))
  expect(order).toEqual(['baseline', 'api', 'viewer'])
})

test('a port that is taken is named with the process that needs it before anything starts', async () => {
  const port = await freePort()
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())

  await expect(start({ processes: () => [standIn('payment-2', idle, { port })] })).rejects.toThrow(
    `Port ${port} is taken, and payment-2 needs it.\nStop what listens there, or move every port: PORT_BASE=100 npm start`,
  )
})

test('a second run on the same folder is refused, and the first goes on', async () => {
  const lab = await start({ processes: () => [] })

  await expect(start({ processes: () => [], dataDir: lab.dataDir })).rejects.toThrow(
    `Process ${process.pid} already runs a lab on ${lab.dataDir}.`,
  )
  expect(isAlive(lab.pids().postgres)).toBe(true)
})

test('a process that cannot start fails the lab with its last lines', async () => {
  const lab = await start({ processes: () => [standIn('pricing', 'console.error("no such table"); process.exit(1)')] })

  await expect(lab.failed).rejects.toThrow(/^pricing keeps ending \(exit code 1\)[\s\S]*no such table/)
})

test('when the runner itself is killed, everything it started ends too', async () => {
  const folder = await newLabFolder()
  const code = `
    import { startLab } from ${JSON.stringify(join(import.meta.dirname, '../../infra/local/lab.ts'))}
    const lab = await startLab({ portBase: ${await freeBase()}, dataDir: ${JSON.stringify(folder)},
      processes: () => [{ name: 'api', args: ['-e', ${JSON.stringify(idle)}], env: {}, stage: 'shop', needsDatabase: true }] })
    await new Promise((resolve) => setTimeout(resolve, 50))
    console.log(JSON.stringify(lab.pids()))`
  const runner = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [output] = await once(runner.stdout, 'data')
  const pids = Object.values(JSON.parse(String(output)) as Record<string, number>)
  expect(pids.filter(isAlive)).toHaveLength(2)

  runner.kill('SIGKILL')

  await eventually('all are gone', () => expect(pids.filter(isAlive)).toEqual([]), { withinMs: 8_000 })
})

test('memory is counted for each process, with what it started', async () => {
  const lab = await start({ processes: () => [standIn('api', idle)] })

  const { bytes, totalBytes } = await eventually('the process has its memory', async () => {
    const memory = await memoryOf(lab.pids())
    expect(memory.bytes.api).toBeGreaterThan(10_000_000)
    return memory
  })

  expect(bytes.postgres).toBeGreaterThan(10_000_000)
  expect(totalBytes).toBe((bytes.api ?? 0) + (bytes.postgres ?? 0))
})

async function start({ said, ...options }: LabOptions & { said?: string[] }) {
  const dataDir = options.dataDir ?? (await newLabFolder())
  const lab = await startLab({ portBase: await freeBase(), ...options, dataDir, say: (line) => said?.push(line) })
  onTestFinished(() => lab[Symbol.asyncDispose]())
  return lab
}

/** With a database folder that is made already, which takes most of a first start. */
async function newLabFolder(): Promise<string> {
  const folder = await makeTempFolder()
  await copyOfNewDataFolder(join(folder, 'postgres'))
  return folder
}

/** A base under which at least Postgres's port is free; stand-ins listen nowhere. */
async function freeBase(): Promise<number> {
  return (await freePort()) - ports.postgres
}

// What the containers may do, and what a calm run says.
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, inject, test } from 'vitest'
import { publishedPorts } from '../../infra/compose/ports.ts'
import { asArguments, serverSettings } from '../../infra/postgres/server-settings.ts'
import { docker, type Stack, stackWith } from './docker.ts'

type Container = {
  Name: string
  Id: string
  State: { Running: boolean; ExitCode: number }
  RestartCount: number
  HostConfig: {
    CapDrop: string[] | null
    CapAdd: string[] | null
    ReadonlyRootfs: boolean
    SecurityOpt: string[]
    Memory: number
  }
  Config: { Env: string[] }
  NetworkSettings: { Ports: Record<string, { HostIp: string; HostPort: string }[] | null> }
}

let stack: Stack
let containers: Container[]

beforeAll(async () => {
  stack = await stackWith(inject('backend'))
  const ids = (await stack.must('ps', '--all', '--quiet')).split('\n').filter((id) => id !== '')
  containers = JSON.parse((await docker(['inspect', ...ids])).stdout) as Container[]
})

test('every container runs or has ended well, and none was restarted', () => {
  const bad = containers.filter(
    ({ State, RestartCount }) => (!State.Running && State.ExitCode !== 0) || RestartCount > 0,
  )
  expect(bad.map(({ Name }) => Name)).toEqual([])
  expect(containers.length).toBeGreaterThanOrEqual(stack.services.length)
})

test('no process is root', async () => {
  const running = containers.filter(({ State }) => State.Running)
  const processes = await Promise.all(
    running.map(async ({ Name, Id }) => {
      const [, ...lines] = (await docker(['top', Id, '-eo', 'pid,uid,args'])).stdout.trim().split('\n')
      return lines.map((line) => ({ Name, uid: line.trim().split(/\s+/)[1], line: line.trim() }))
    }),
  )
  expect(processes.flat().length).toBeGreaterThan(running.length)
  expect(processes.flat().filter(({ uid }) => uid === '0' || uid === 'root')).toEqual([])
})

test('every container gives up all capabilities and new privileges, and cannot write its file system', () => {
  const loose = containers.filter(
    ({ HostConfig: { CapDrop, CapAdd, SecurityOpt, ReadonlyRootfs } }) =>
      !CapDrop?.includes('ALL') ||
      CapAdd?.length ||
      !SecurityOpt?.join().includes('no-new-privileges') ||
      !ReadonlyRootfs,
  )
  expect(loose.map(({ Name }) => Name)).toEqual([])
})

test('ports are published on loopback only, and are those that are written down', () => {
  const published = containers.flatMap(({ NetworkSettings }) =>
    Object.values(NetworkSettings.Ports).flatMap((b) => b ?? []),
  )
  expect(published.length).toBeGreaterThan(4)
  expect(published.filter(({ HostIp }) => HostIp !== '127.0.0.1')).toEqual([])
  const known = Object.values(publishedPorts).map((port) => String(port + 20_000))
  expect(published.filter(({ HostPort }) => !known.includes(HostPort))).toEqual([])
})

test('the limits of all containers that keep running are together at most 3 GiB', async () => {
  const services = Object.entries((await stackWith('tempo')).config.services)
  // `prepare` and `migrate` are over before the others need what they are allowed.
  const awaited = services.flatMap(([, { depends_on: needs = {} }]) =>
    Object.entries(needs).filter(([, { condition }]) => condition === 'service_completed_successfully'),
  )
  const over = new Set(awaited.map(([name]) => name))
  const limits = services.filter(([name]) => !over.has(name)).map(([, { mem_limit }]) => Number(mem_limit))
  expect(over.size).toBe(2)
  const totalMib = limits.reduce((sum, bytes) => sum + bytes, 0) / 1024 ** 2
  console.log(`limits of all containers that keep running: ${totalMib} MiB`)
  expect(totalMib).toBeLessThanOrEqual(3072)
})

test('no password is in the environment of a container', () => {
  const secret = /PASSWORD=.+|SECRET=.+|:\/\/\w+:[^/@]+@/
  expect(containers.flatMap(({ Config }) => Config.Env.filter((line) => secret.test(line)))).toEqual([])
})

test('Postgres is configured as on a laptop, but for where its log is', () => {
  const here = stack.config.services.postgres?.command?.filter((argument) => argument.startsWith('-c')) ?? []
  const there = asArguments(serverSettings).filter((argument) => argument !== '-c')
  const changed = ['log_directory', 'log_file_mode']
  const same = (list: string[]) => list.filter((setting) => !changed.some((name) => setting.startsWith(name))).sort()
  expect(same(here.map((argument) => argument.slice(2)))).toEqual(same(there))
})

test('a calm run says nothing of errors', { timeout: 90_000 }, async () => {
  const since = new Date().toISOString()
  await sleep(30_000)
  const { stdout } = await stack.compose('logs', '--no-color', '--no-log-prefix', `--since=${since}`)
  const lines = stdout.split('\n').filter((line) => line !== '')
  expect(lines.length).toBeGreaterThan(100)
  expect(lines.filter(isError)).toEqual([])
})

/** pino's levels from 50, and the words that Go and Java programs and Postgres use. */
function isError(line: string): boolean {
  // Tempo's worker calls it an error that there is nothing to compact.
  if (line.includes('error calling scheduler') && line.includes('no jobs found')) return false
  const level = /"level":"?(\w+)/.exec(line)?.[1]
  if (level !== undefined) return Number(level) >= 50 || ['error', 'fatal', 'panic'].includes(level)
  return /level=(error|fatal|panic)|\b(ERROR|FATAL|PANIC)\b|panic:|Exception in|Unhandled/.test(line)
}

// The machine underneath: room on the disk, ports that somebody else has, and Docker with this project's containers.
import { execFile } from 'node:child_process'
import { statfs } from 'node:fs/promises'
import { connect } from 'node:net'
import { promisify } from 'node:util'
import { portOf } from '../../kit/config.ts'
import { type PortName, ports } from '../../kit/ports.ts'
import { type Diagnosis, ill, note, type Place, well } from './diagnosis.ts'

const leastFreeBytes = 1024 ** 3

export async function disk(folder = '.'): Promise<Diagnosis> {
  const { bavail, bsize } = await statfs(folder)
  const free = `${((bavail * bsize) / 1024 ** 3).toFixed(1)} GiB free`
  if (bavail * bsize >= leastFreeBytes) return well('disk', free)
  return ill('disk', free, 'make room: docker system prune, or remove .data of checkouts you no longer need')
}

/** Only asked about while no lab runs: then whoever listens is in its way. */
export async function takenPorts(portBase: number): Promise<Diagnosis[]> {
  const names = Object.keys(ports) as PortName[]
  const isTaken = await Promise.all(names.map((name) => isListening(portOf(name, portBase))))
  const taken = names.filter((_, i) => isTaken[i])
  if (taken.length === 0) return [well('ports', 'all that npm start needs are free')]
  const list = taken.map((name) => `${portOf(name, portBase)} (${name})`).join(', ')
  return [ill('ports', `somebody else listens on ${list}`, 'stop it, or move every port: PORT_BASE=100 npm start')]
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 500 })
    const end = (listens: boolean) => {
      socket.destroy()
      resolve(listens)
    }
    socket
      .once('connect', () => end(true))
      .once('timeout', () => end(false))
      .once('error', () => end(false))
  })
}

type Container = { Service: string; State: string; Health: string; ExitCode: number }
type Docker = (args: string[]) => Promise<string>

const docker: Docker = async (args) => (await promisify(execFile)('docker', args, { timeout: 10_000 })).stdout

/** Looked at from the host only: no container may ask the engine about its neighbours. */
export async function containers(place: Place, run: Docker = docker): Promise<Diagnosis[]> {
  if (place.isInside)
    return [note('engine', 'not visible from inside a container: run npm run doctor on the host for it')]
  let version: string
  try {
    version = (await run(['version', '--format', '{{.Server.Version}}'])).trim()
  } catch {
    const why = place.kind === 'lab' ? 'npm start needs none' : 'containers are not looked at'
    return [note('engine', `no Docker engine can be reached from here; ${why}`)]
  }
  const engine = well('engine', `Docker ${version}`)
  // Without a compose file here there are no containers to look at.
  const listed = await run(['compose', 'ps', '-a', '--format', 'json']).catch(() => '')
  const all = listed.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Container] : []))
  if (all.length === 0) return [engine, note('containers', 'none of this project')]
  return [engine, ...containersOf(all)]
}

function containersOf(all: readonly Container[]): Diagnosis[] {
  const isWell = ({ State, Health, ExitCode }: Container) =>
    State === 'running' ? Health === '' || Health === 'healthy' : State === 'exited' && ExitCode === 0
  const poorly = all.filter((container) => !isWell(container))
  return [
    ...(poorly.length < all.length
      ? [well('containers', `${all.length - poorly.length} of ${all.length} as they should be`)]
      : []),
    ...poorly.map(({ Service, State, Health, ExitCode }) => {
      const says = `container is ${State}${State === 'exited' ? ` with ${ExitCode}` : ''}${Health === '' ? '' : `, ${Health}`}`
      return ill(Service, says, `docker compose logs ${Service}, then docker compose up -d --wait ${Service}`)
    }),
  ]
}

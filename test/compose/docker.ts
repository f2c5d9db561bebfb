// `docker compose` as tests call it: a project and ports of their own, the services whose images are here, the Jaeger
// overlay where there is no Tempo.
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { composeEnv, type PublishedPort, urlOf } from '../../infra/compose/ports.ts'

const run = promisify(execFile)

export const root = resolve(import.meta.dirname, '../..')
const project = 'shop-test'
const portBase = 20_000

export const backends = ['tempo', 'jaeger', 'zipkin'] as const
export type Backend = (typeof backends)[number]
export type Run = { stdout: string; stderr: string; code: number }

/** Runs docker and gives what it said, whatever the exit code. */
export async function docker(args: string[], { timeoutMs = 120_000, env = {} } = {}): Promise<Run> {
  const options = { cwd: root, env: { ...process.env, ...env }, timeout: timeoutMs, maxBuffer: 256 * 1024 * 1024 }
  try {
    return { ...(await run('docker', args, options)), code: 0 }
  } catch (error) {
    const { stdout = '', stderr = '', code } = error as { stdout?: string; stderr?: string; code?: number | string }
    return { stdout, stderr: stderr || String(error), code: typeof code === 'number' ? code : 1 }
  }
}

/** Which traces backend a stack has: the one asked for by TRACES_BACKEND, else Tempo where its image is, else Jaeger. */
export async function defaultBackend(): Promise<Backend> {
  const asked = backends.find((backend) => backend === process.env.TRACES_BACKEND)
  return asked ?? ((await hasImage('grafana/tempo:3.0.3')) ? 'tempo' : 'jaeger')
}

const filesFor = (backend: Backend) => [
  '--file=docker-compose.yml',
  ...(backend === 'tempo' ? [] : [`--file=infra/backends/${backend}.yaml`]),
]

export type Stack = Awaited<ReturnType<typeof stackWith>>

/** The stack with a backend for traces, under a project name of its own. With `path`, that is all of the host's programs there are. */
export async function stackWith(backend: Backend, { name = project, path }: { name?: string; path?: string } = {}) {
  const compose = async (...args: string[]): Promise<Run> => {
    const own = { ...composeEnv(portBase), COMPOSE_PROJECT_NAME: name, COMPOSE_PROGRESS: 'quiet' }
    const env = path === undefined ? own : { ...own, PATH: path }
    return docker(['compose', ...filesFor(backend), ...args], { timeoutMs: 600_000, env })
  }
  /** Fails with what docker said. */
  const must = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await compose(...args)
    if (code !== 0) throw new Error(`docker compose ${args.join(' ')} ended with ${code}:\n${stderr.slice(-3000)}`)
    return stdout
  }
  const config = JSON.parse(await must('config', '--format=json')) as ComposeConfig
  const images = new Map(Object.entries(config.services).map(([service, { image }]) => [service, image]))
  const present = await Promise.all(
    [...images].map(async ([service, image]) => ((await hasImage(image)) ? [service] : [])),
  )
  return {
    ...{ backend, compose, must, config },
    /** Services that can run here. */
    services: present.flat(),
    missing: [...images.keys()].filter((service) => !present.flat().includes(service)),
    /** The workshop's own command, as a person types it. */
    slow: (...args: string[]) => compose('exec', '-T', 'workshop', 'slow', ...args),
    url: (port: PublishedPort) => urlOf(port, portBase),
  }
}

export type ComposeConfig = {
  services: Record<
    string,
    {
      image: string
      command?: string[]
      mem_limit?: string
      depends_on?: Record<string, { condition: string }>
      ports?: { host_ip?: string }[]
    }
  >
}

/** Throws a sentence when there is no engine or no compose. */
export async function requireEngine(): Promise<void> {
  const engine = await docker(['info', '--format={{.ServerVersion}}'])
  const plugin = await docker(['compose', 'version', '--short'])
  if (engine.code !== 0 || plugin.code !== 0)
    throw new Error(
      'test:compose needs a running Docker engine and its compose plugin; `docker compose version` must work.',
    )
}

async function hasImage(name: string): Promise<boolean> {
  return (await docker(['image', 'inspect', name])).code === 0
}

// k6 by itself, without the stack: a container on the host's network, with the lessons mounted as compose mounts them.
import { docker, type Run, root } from './docker.ts'

const image = 'grafana/k6:1.8.1'
const mounts = ['loadtest', 'services/kit'].map((folder) => `--volume=${root}/${folder}:/${folder}:ro`)

export function k6Alone(args: string[], env: Record<string, string> = {}): Promise<Run> {
  const set = Object.entries({ K6_NO_USAGE_REPORT: 'true', ...env }).map(([name, value]) => `--env=${name}=${value}`)
  return docker(['run', '--rm', '--network=host', '--pull=never', ...mounts, ...set, image, ...args])
}

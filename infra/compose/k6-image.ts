// k6 by itself, without the stack: a container on the host's network, with the lessons mounted as compose mounts them.
import { resolve } from 'node:path'

/** The one that docker-compose.yml names. */
export const k6Image = 'grafana/k6:1.8.1'

const root = resolve(import.meta.dirname, '../..')
const mounts = ['loadtest', 'services/kit'].map((folder) => `--volume=${root}/${folder}:/${folder}:ro`)

/** What docker is to be told, up to what k6 is. Nothing is fetched: a bench measures with what is there. */
export const k6InDocker = (env: Record<string, string> = {}): string[] => {
  const set = Object.entries({ K6_NO_USAGE_REPORT: 'true', ...env }).map(([name, value]) => `--env=${name}=${value}`)
  return ['run', '--rm', '--cpu-shares=4096', '--network=host', '--pull=never', ...mounts, ...set, k6Image]
}

// k6 by itself, without the stack, as a test calls it.
import { k6InDocker } from '../../infra/compose/k6-image.ts'
import { docker, type Run } from './docker.ts'

export const k6Alone = (args: string[], env: Record<string, string> = {}): Promise<Run> =>
  docker([...k6InDocker(env), ...args])

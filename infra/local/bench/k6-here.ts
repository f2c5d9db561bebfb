// The k6 that this machine has: its program, or else the image that the containers use.
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { k6InDocker } from '../../compose/k6-image.ts'

/** How k6 is called: `args` come before its own, and `folder` holds the lessons as it sees them. */
export type K6 = Way & { says: string }

type Way = { program: string; args: string[]; folder: string; how: string }

const root = resolve(import.meta.dirname, '../../..')
const ways = (program: string): Way[] => {
  const folder = `${root}/loadtest`
  return [
    // Before the shop, whose processor it shares; where that is not allowed, as anybody else.
    { program: 'nice', args: ['-n', '-10', program], folder, how: ', before others where this user may' },
    { program, args: [], folder, how: '' },
    { program: 'docker', args: k6InDocker(), folder: '/loadtest', how: ', in its container' },
  ]
}

/** Somebody who names another program means that one. */
export const usualK6 = 'k6'

/** The first way that answers with its version; none where there is neither the program nor Docker with the image. */
export async function k6Here(program: string, ask: typeof versionOf = versionOf): Promise<K6 | undefined> {
  for (const way of program === usualK6 ? ways(program) : ways(program).slice(0, 2)) {
    const version = await ask(way.program, [...way.args, 'version'])
    if (version !== undefined) return { ...way, says: version + way.how }
  }
  return undefined
}

/** An engine that hangs is none. */
const answersWithinMs = 20_000

const versionOf = (program: string, args: string[]): Promise<string | undefined> =>
  promisify(execFile)(program, args, { timeout: answersWithinMs }).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  )

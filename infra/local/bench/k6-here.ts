// The k6 that this machine has: its program, or else the image that the containers use.
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { k6InDocker } from '../../compose/k6-image.ts'

/** How k6 is called: `args` come before its own, and `folder` holds the lessons as it sees them. */
export type K6 = { program: string; args: string[]; folder: string; says: string }

const root = resolve(import.meta.dirname, '../../..')
const ways = (program: string): Omit<K6, 'says'>[] => [
  // Before the shop, whose processor it shares: where that is not allowed, `nice` says so and runs it all the same.
  { program: 'nice', args: ['-n', '-10', program], folder: `${root}/loadtest` },
  { program: 'docker', args: k6InDocker(), folder: '/loadtest' },
]

/** Somebody who names another program means that one. */
export const usualK6 = 'k6'

/** The first way that answers with its version; none where there is neither the program nor Docker with the image. */
export async function k6Here(program: string, ask: typeof versionOf = versionOf): Promise<K6 | undefined> {
  for (const way of program === usualK6 ? ways(program) : ways(program).slice(0, 1)) {
    const version = await ask(way.program, [...way.args, 'version'])
    if (version !== undefined)
      return { ...way, says: way.program === 'nice' ? version : `${version}, in its container` }
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

// What must be free before anything starts: every port, and the data folder (a second run on it would stop the first
// one's Postgres).
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { isAlive, processState } from '../postgres/alive.ts'

/** Thrown with a sentence that says what is taken and what to do. */
export class Taken extends Error {
  override name = 'Taken'
}

/** Checks that nobody listens on these ports. Throws `Taken`, naming each port that is taken and who needs it. */
export async function refuseTakenPorts(needed: { name: string; port: number }[]): Promise<void> {
  const free = await Promise.all(needed.map(({ port }) => isFree(port)))
  const taken = needed.filter((_, index) => !free[index])
  if (taken.length === 0) return
  const lines = taken.map(({ name, port }) => `Port ${port} is taken, and ${name} needs it.`)
  throw new Taken(`${lines.join('\n')}\nStop what listens there, or move every port: PORT_BASE=100 npm start`)
}

/** Claims a data folder for this process until disposed. Throws `Taken` when another run has it. */
export async function claimFolder(dataDir: string): Promise<AsyncDisposable> {
  const file = join(dataDir, 'run.pid')
  const [pid = '', started = ''] = (await readFile(file, 'utf8').catch(() => '')).split(' ')
  if (pid !== '' && started !== '' && startOf(Number(pid)) === started)
    throw new Taken(`Process ${pid} already runs a lab on ${dataDir}. Stop it first, or start from another checkout.`)
  await writeFile(file, `${process.pid} ${startOf(process.pid)}`)
  return { [Symbol.asyncDispose]: () => rm(file, { force: true }) }
}

/** When a process started, so that a pid that somebody else has now is not mistaken for it. Empty when it is gone. */
function startOf(pid: number): string {
  if (!isAlive(pid)) return ''
  // The 22nd field, counted from the state, which is the third. Other systems have no such file.
  return processState(pid).split(' ')[19] ?? 'alive'
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)))
  })
}

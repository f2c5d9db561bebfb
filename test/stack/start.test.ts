// `npm start` as a newcomer meets it: one screen, a first checkout to open, Ctrl-C, and nothing left behind.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { copyOfCheckout } from '../helpers/checkout-copy.ts'
import { eventually } from '../helpers/eventually.ts'
import { portBase } from '../helpers/lab.ts'

type Started = { child: ChildProcess; output: () => string; seconds: () => number }

/** In a process group of its own, like a command typed into a terminal. */
function npmStart(cwd: string, ...args: string[]): Started {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, PORT_BASE: String(portBase) }
  const startedAt = performance.now()
  const child = spawn('npm', ['start', '--', ...args], { cwd, env, detached: true })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk))
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid as number), 'SIGKILL')
  })
  return { child, output: () => text, seconds: () => (performance.now() - startedAt) / 1000 }
}

/** What Ctrl-C does: the signal goes to everybody in the foreground. */
async function ctrlC({ child }: Started): Promise<void> {
  process.kill(-(child.pid as number), 'SIGINT')
  await once(child, 'exit')
}

async function firstCheckout({ output }: Started): Promise<string> {
  return eventually(
    'the first checkout is traced',
    () => /first checkout traced: (\S+)/.exec(output())?.[1] ?? failWith(output()),
    { withinMs: 40_000 },
  )
}

function failWith(text: string): never {
  throw new Error(text)
}

/** Pids that the screen shows: name, state, pid. */
const pidsIn = (text: string): number[] => [...text.matchAll(/^ {2}\S+ +up +(\d+)/gm)].map((match) => Number(match[1]))

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('starts on one screen, traces a first checkout, stops with Ctrl-C, and starts again quickly', async () => {
  const checkout = await copyOfCheckout()
  const first = npmStart(checkout)
  await firstCheckout(first)
  const pids = pidsIn(first.output())
  expect(pids.length).toBeGreaterThanOrEqual(11)
  expect(first.output().split('\n').length).toBeLessThan(40)

  await ctrlC(first)
  await eventually('no process is left', () => expect(pids.filter(isAlive)).toEqual([]))

  const second = npmStart(checkout)
  const url = await firstCheckout(second)
  const seconds = second.seconds()
  const page = await fetch(url)
  const taken = await refusedStart()
  await ctrlC(second)

  expect(page.status).toBe(200)
  // The goal is 6 s on a quiet machine: `npm run bench -- --only start`. Here other tests may still be at work.
  expect(seconds).toBeLessThan(12)
  expect(taken.code).toBe(1)
  expect(taken.output).toContain(`Port ${8080 + portBase} is taken, and api needs it.`)
  expect(taken.output).toContain('PORT_BASE=')
})

/** A second checkout on the same ports. */
async function refusedStart(): Promise<{ code: number | null; output: string }> {
  const other = npmStart(await copyOfCheckout())
  const [code] = (await once(other.child, 'exit')) as [number | null]
  return { code, output: other.output() }
}

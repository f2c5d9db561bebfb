// The command line program, as a person runs it.
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'

export type Ran = { code: number | null; output: string }

const root = resolve(import.meta.dirname, '../..')

/** Runs `slow` to its end against the lab at `portBase`. `cwd` may be a copy of the checkout. */
export function runSlow(args: string[], { portBase, cwd = root }: { portBase: number; cwd?: string }): Promise<Ran> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, PORT_BASE: String(portBase) }
  const child = spawn(process.execPath, ['services/workshop/cli.ts', ...args], { cwd, env })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  return new Promise((done, failed) => {
    child.on('error', failed)
    child.on('close', (code) => done({ code, output }))
  })
}

const inconclusive = 3
const mostTries = 3

/** 420 checkouts a window. Fewer a second take longer, and half of the CPU. */
const paces = { usual: ['--window', '21'], calmer: ['--rate', '12'] }
let pace = paces.usual

/** Proves a scenario. Once a proof was inconclusive the machine is one that needs the calmer pace, in this file from then on. */
export function proved(args: string[], lab: { portBase: number }): Promise<Ran> {
  let isAgain = false
  const prove = () => {
    if (isAgain) pace = paces.calmer
    isAgain = true
    return runSlow(['verify', ...args, ...pace], lab)
  }
  return untilConclusive(prove, ({ output }) => output)
}

/** An inconclusive proof has shown nothing, the machine was busy: it is asked again, and never counts as green. */
export async function untilConclusive<R extends { code: number | null }>(
  prove: () => Promise<R>,
  textOf: (ran: R) => string,
): Promise<R> {
  for (let tries = 1; ; tries++) {
    const ran = await prove()
    if (ran.code !== inconclusive || tries === mostTries) return ran
    console.log(`inconclusive, once more:\n${textOf(ran)}`)
  }
}

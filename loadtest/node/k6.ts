// `npm run load -- …`: runs k6 in its container (or the k6 of this machine), then fetches the report from the workshop.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { resolve } from 'node:path'
import { composeEnv } from '../../infra/compose/ports.ts'
import type { Lesson } from '../lessons.ts'
import { announcedWhile } from './announced.ts'
import { exitCodes, keep } from './ending.ts'
import type { LoadOptions } from './options.ts'
import type { Urls } from './play.ts'
import { workshopAt } from './workshop.ts'

/** `env` is that of this process: docker and k6 find the machine's settings there. */
type Options = Omit<LoadOptions, 'list'> & { urls: Urls; portBase: number; env: NodeJS.ProcessEnv }

const root = resolve(import.meta.dirname, '../..')

/**
 * @returns k6's own exit code: 99 when a threshold is crossed; or 1 when all went well but for the report that was to be written.
 * @throws Error a sentence when it cannot be run.
 */
export async function playWithK6(lesson: Lesson, options: Options): Promise<number> {
  const workshop = workshopAt(options.urls.workshop, options.urls.workshopToken)
  const env = { ...composeEnv(options.portBase), ...options.env }
  const { played: code, run } = await announcedWhile(
    workshop,
    () => ran(commandOf(lesson, options), env),
    (load) => load.lesson === lesson.id && load.player === 'k6',
  )
  if (run === undefined) return withoutReport(code, options)
  const files = await keep(await workshop.written(run), options)
  for (const file of files) console.log(`written to ${file}`)
  console.log(`and at ${workshop.pageUrl(run)}`)
  return code
}

function withoutReport(code: number, { json, html, urls }: Options): number {
  const missing = [json, html].filter((file) => file !== undefined)
  const unwritten = missing.length === 0 ? '' : ` Nothing was written to ${missing.join(' and ')}.`
  console.log(`The workshop at ${urls.workshop.origin} has no report of this run.${unwritten}`)
  return code === exitCodes.held && missing.length > 0 ? exitCodes.failed : code
}

type Command = { program: string; args: string[] }

/** No dependencies are started: the lab is up, or k6 says that the shop does not answer. */
function commandOf({ id }: Lesson, { k6, seed, rate, minutes, urls }: Options): Command {
  const script = (folder: string) => `${folder}/${id}.ts`
  const told = Object.entries({ SEED: seed, RATE: rate, MINUTES: minutes }).flatMap(([name, value]) =>
    value === undefined ? [] : ['-e', `${name}=${value}`],
  )
  if (k6 === undefined)
    return {
      program: 'docker',
      args: ['compose', 'run', '--rm', '--no-deps', 'k6', 'run', ...told, script('/loadtest')],
    }
  const token = urls.workshopToken === undefined ? [] : ['-e', `WORKSHOP_TOKEN=${urls.workshopToken}`]
  const where = ['-e', `API_URL=${urls.api.origin}`, '-e', `WORKSHOP_URL=${urls.workshop.origin}`, ...token]
  return { program: k6, args: ['run', ...told, ...where, script('loadtest')] }
}

/** What k6 ends with when it is interrupted. */
const interruptedCode = 105

/**
 * Shows it as if it had been typed. In a terminal Ctrl-C reaches it from there, and passing it on would be a second one, which
 * k6 takes for impatience; elsewhere it gets a group of its own and whatever this process gets.
 */
function ran({ program, args }: Command, env: NodeJS.ProcessEnv): Promise<number> {
  const isTerminal = process.stdin.isTTY === true
  const child = spawn(program, args, { cwd: root, env, stdio: 'inherit', detached: !isTerminal })
  const passOn = (signal: NodeJS.Signals) => {
    if (!isTerminal || signal !== 'SIGINT') child.kill(signal)
  }
  process.on('SIGINT', passOn)
  process.on('SIGTERM', passOn)
  return new Promise((done, failed) => {
    child.on('error', (error) =>
      failed(new Error(`${program} could not be run (${error.message}). With --node no k6 is needed.`)),
    )
    child.on('close', (code, signal) => {
      process.off('SIGINT', passOn)
      process.off('SIGTERM', passOn)
      const ended = code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 0)
      done(ended === interruptedCode ? exitCodes.stopped : ended)
    })
  })
}

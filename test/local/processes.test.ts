import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openOutput } from '../../infra/local/process-output.ts'
import { supervise } from '../../infra/local/processes.ts'
import { isAlive } from '../../infra/postgres/alive.ts'
import { eventually } from '../helpers/eventually.ts'
import { makeTempFolder } from '../helpers/temp-folder.ts'

const idle = 'setInterval(() => {}, 1000)'

test('a process that is killed is started again, said in a line', async () => {
  const { process, said } = await run(idle)
  const before = process.pid()

  process.kill('SIGKILL')

  await eventually('it runs again', () => {
    expect(process.pid()).toBeDefined()
    expect(process.pid()).not.toBe(before)
  })
  expect(said).toEqual(['inventory ended (SIGKILL), started again'])
  expect(process.restarts()).toBe(1)
})

test('a process that keeps failing at start is given up with its last lines', async () => {
  const { said, givenUp } = await run('console.log("port missing"); process.exit(3)')

  await eventually('it is given up', () => expect(givenUp).toHaveLength(1), { withinMs: 8_000 })

  expect(givenUp[0]).toMatch(/^inventory keeps ending \(exit code 3\)\. Its last lines:\n {2}port missing/)
  expect(said.at(-1)).toBe('inventory ended (exit code 3), started again')
})

test('stopping waits for a process that drains', async () => {
  const { process, lines } = await run(
    `process.on("SIGTERM", () => setTimeout(() => { console.log("drained"); process.exit() }, 200)); console.log("up"); ${idle}`,
  )
  await eventually('it is up', () => expect(lines()).toContain('up'))
  const pid = process.pid()

  await process.stop(5_000)

  expect(isAlive(pid)).toBe(false)
  await eventually('its last words are kept', () => expect(lines()).toContain('drained'))
})

test('stopping ends a process that does not want to, and what it had started', async () => {
  const child = `const { spawn } = require("node:child_process"); const c = spawn(process.execPath, ["-e", ${JSON.stringify(`process.on("SIGTERM", () => {}); ${idle}`)}]); console.log(c.pid);`
  const { process, lines } = await run(`process.on("SIGTERM", () => {}); ${child} ${idle}`)
  const grandchild = await eventually('it started another', () => {
    expect(lines()).toHaveLength(1)
    return Number(lines()[0])
  })
  const pid = process.pid()

  await process.stop(100)

  expect(isAlive(pid)).toBe(false)
  await eventually('the other one is gone too', () => expect(isAlive(grandchild)).toBe(false))
})

test('a process that is stopped while it waits to be started again stays stopped', async () => {
  const { process } = await run('process.exit(1)')
  await eventually('it ended', () => expect(process.pid()).toBeUndefined())

  await process.stop(100)
  await new Promise((resolve) => setTimeout(resolve, 500))

  expect(process.pid()).toBeUndefined()
})

test('errors that a process logs are told, its ordinary lines are not', async () => {
  const { told } = await run(
    `console.log(JSON.stringify({ level: 30, msg: "fine" })); console.log(JSON.stringify({ level: 50, msg: "no stock", err: { message: "gone" } })); console.error("(node) a warning"); ${idle}`,
  )

  await eventually('the error is told', () =>
    expect(told).toEqual(expect.arrayContaining(['no stock: gone', '(node) a warning'])),
  )
  expect(told).toHaveLength(2)
})

test('what a process writes stays bounded on disk', async () => {
  const folder = await makeTempFolder()
  const output = openOutput({ file: join(folder, 'a.log'), onImportant: () => {}, maxBytes: 1_000 })
  for (let i = 0; i < 200; i++) output.note(`line ${i} ${'x'.repeat(50)}`)
  output.close()

  const sizes = await Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size))
  expect(sizes).toHaveLength(2)
  expect(Math.max(...sizes)).toBeLessThan(1_200)
  expect(output.lastLines().at(-1)).toContain('line 199')
})

async function run(code: string) {
  const folder = await makeTempFolder()
  const said: string[] = []
  const told: string[] = []
  const givenUp: string[] = []
  const output = openOutput({ file: join(folder, 'inventory.log'), onImportant: (line) => told.push(line) })
  const process = supervise(
    { name: 'inventory', args: ['-e', code], cwd: folder, env: {} },
    { output, say: (line) => said.push(line), onGivenUp: (reason) => givenUp.push(reason), onPid: () => {} },
  )
  onTestFinished(async () => {
    await process.stop(0)
    output.close()
  })
  return { process, said, told, givenUp, lines: output.lastLines }
}

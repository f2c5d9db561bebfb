import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isAlive } from '../../infra/postgres/alive.ts'
import { eventually } from '../helpers/eventually.ts'
import { freeBase, idle, standIn } from '../helpers/stand-in-lab.ts'
import { makeTempFolder } from '../helpers/temp-folder.ts'

test('when the runner itself is killed, everything it started ends too', async () => {
  const stubborn = standIn('api', `process.on("SIGTERM", () => {}); ${idle}`)
  const options = { portBase: await freeBase(), dataDir: await makeTempFolder() }
  const code = `
    import { startLab } from ${JSON.stringify(join(import.meta.dirname, '../../infra/local/lab.ts'))}
    const lab = await startLab({ ...${JSON.stringify(options)}, processes: () => [${JSON.stringify(stubborn)}] })
    await new Promise((resolve) => setTimeout(resolve, 50))
    console.log(JSON.stringify(lab.pids()))`
  const runner = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [output] = await once(runner.stdout, 'data')
  const pids = Object.values(JSON.parse(String(output)) as Record<string, number>)
  expect(pids.filter((pid) => isAlive(pid))).toHaveLength(2)

  runner.kill('SIGKILL')

  await eventually('all are gone', () => expect(pids.filter((pid) => isAlive(pid))).toEqual([]), { withinMs: 8_000 })
})

// What the containers hold in memory once the stack has been up for ten minutes under its baseline.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, test } from 'vitest'
import { docker, stackWith } from './docker.ts'

const upForMs = 10 * 60_000
const goalMib = 1.6 * 1024

test('resident memory by container, after ten minutes at 10 checkouts a second', {
  timeout: upForMs + 60_000,
}, async () => {
  const stack = await stackWith(inject('backend'))
  const { startedAtMs } = inject('start')
  await sleep(Math.max(0, startedAtMs + upForMs - Date.now()))
  const ids = (await stack.must('ps', '--quiet')).split('\n').filter((id) => id !== '')
  const { stdout } = await docker(['stats', '--no-stream', '--format={{.Name}} {{.MemUsage}}', ...ids])
  const used = stdout.trim().split('\n').map(usageOf)
  const totalMib = used.filter(({ name }) => !name.includes('grafana')).reduce((sum, { mib }) => sum + mib, 0)
  for (const { name, mib, limitMib } of used.toSorted((a, b) => b.mib - a.mib))
    console.log(`${name.padEnd(24)} ${mib.toFixed(0).padStart(5)} MiB of ${limitMib.toFixed(0)}`)
  console.log(`without Grafana: ${totalMib.toFixed(0)} MiB, goal ${goalMib.toFixed(0)} MiB`)
  expect(used.filter(({ mib, limitMib }) => mib > 0.95 * limitMib)).toEqual([])
})

/** `shop-test-api-1 101.2MiB / 176MiB` */
function usageOf(line: string): { name: string; mib: number; limitMib: number } {
  const [name = '', used = '', , limit = ''] = line.split(/\s+/)
  return { name, mib: mibOf(used), limitMib: mibOf(limit) }
}

function mibOf(text: string): number {
  const factor = { KiB: 1 / 1024, MiB: 1, GiB: 1024 }[text.slice(-3)] ?? 1 / 1024 ** 2
  return Number.parseFloat(text) * factor
}

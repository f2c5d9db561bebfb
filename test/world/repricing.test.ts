// The neighbour on the same machine: what it takes of the cores while it prices by day, and that it lets go of them.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startRepricing } from '../../infra/world/repricing.ts'
import { createRandom } from '../../services/kit/random.ts'
import { eventually } from '../helpers/eventually.ts'
import { fixedFlags } from '../helpers/fixed-flags.ts'

const start = (variant: string) =>
  startRepricing({ flags: fixedFlags({ repricing: variant }), random: createRandom(1), lastsMs: 200, everyMs: 100 })

/** CPU time of this process and its threads since then, in ms. */
function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}

test('by day it computes again and again, and not any more once it is stopped', async () => {
  const before = process.cpuUsage()
  const batch = start('by-day')
  await eventually('three batches were computed', () => expect(cpuMs(before)).toBeGreaterThan(600))
  await batch[Symbol.asyncDispose]()

  const after = process.cpuUsage()
  await sleep(300)
  expect(cpuMs(after)).toBeLessThan(150)
})

test('at night it leaves the machine to others', async () => {
  const batch = start('at-night')
  const before = process.cpuUsage()
  await sleep(300)
  expect(cpuMs(before)).toBeLessThan(150)
  await batch[Symbol.asyncDispose]()
})

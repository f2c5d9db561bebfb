// From nothing to the first checkout that is joined in three pillars; and back to nothing.
import { expect, inject, onTestFinished, test } from 'vitest'
import { docker, stackWith } from './docker.ts'

test('a stack whose images are here shows its first checkout in three pillars within 30 s', () => {
  const { upSeconds, joinedSeconds, missing } = inject('start')
  const without = missing.length === 0 ? '' : `, without ${missing.join(' and ')}`
  console.log(`up --wait ${upSeconds.toFixed(1)} s, first checkout joined ${joinedSeconds.toFixed(1)} s${without}`)
  expect(joinedSeconds).toBeLessThanOrEqual(30)
})

test('nothing that is to start waits for Grafana or for a backend', async () => {
  const { config } = await stackWith(inject('backend'))
  const waits = Object.entries(config.services).flatMap(([service, { depends_on = {} }]) =>
    Object.keys(depends_on).map((other) => ({ service, other })),
  )
  const backends = ['tempo', 'jaeger', 'prometheus', 'loki', 'grafana', 'collector']
  expect(waits.filter(({ other }) => backends.includes(other))).toEqual([])
})

test('down -v leaves no container, volume or network', { timeout: 120_000 }, async () => {
  const name = 'shop-test-gone'
  const stack = await stackWith(inject('backend'), { name })
  onTestFinished(async () => void (await stack.compose('down', '--volumes')))
  await stack.must('up', '--detach', '--wait', '--no-build', 'postgres', 'world')
  expect(await leftOf(name)).not.toEqual([])

  await stack.must('down', '--volumes')
  expect(await leftOf(name)).toEqual([])
})

async function leftOf(name: string): Promise<string[]> {
  const filter = `--filter=label=com.docker.compose.project=${name}`
  const lists = [
    ['ps', '--all', '--quiet', filter],
    ['volume', 'ls', '--quiet', filter],
    ['network', 'ls', '--quiet', filter],
  ]
  const found = await Promise.all(lists.map((args) => docker(args)))
  return found.flatMap(({ stdout }) => stdout.split('\n').filter((line) => line !== ''))
}

// Marks in Grafana: when something was changed and when all was calm again, never what; and nothing depends on Grafana.
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { changeTag } from '../../grafana/dashboard.ts'
import { grafanaMarks } from '../../services/workshop/annotations.ts'
import { openFaults } from '../../services/workshop/faults.ts'
import { shopFlags } from '../../services/workshop/shop-flags.ts'
import { eventually } from '../helpers/eventually.ts'
import { startRefusingServer } from '../helpers/misbehaving.ts'
import { startRecordingEndpoint } from '../helpers/recording-endpoint.ts'
import { makeTempFolder } from '../helpers/temp-folder.ts'

async function faultsWith(url: string) {
  const warnings: string[] = []
  const log = { warn: (text: string) => void warnings.push(text) }
  const file = join(await makeTempFolder(), 'flags.json')
  const noticed = grafanaMarks(new URL(url), log as never)
  return { warnings, faults: openFaults({ file, flags: shopFlags, instances: [], noticed }) }
}

const setting = { variant: 'across-pricing', where: { 'shop.cart_size': 'bulk' } }

test('a change and the reset are marked under the tag that dashboards ask for, without saying what it was', async () => {
  const grafana = await startRecordingEndpoint()
  onTestFinished(() => grafana[Symbol.asyncDispose]())
  const { faults, warnings } = await faultsWith(grafana.url)
  const beforeMs = Date.now()
  await faults.prepare()
  await faults.reset()
  await faults.set('reservation-locking', setting)
  await faults.set('reservation-locking', setting)
  await faults.reset()
  const marks = await eventually('both are marked', () => {
    const lines = grafana.text('/api/annotations').split('\n').filter(Boolean)
    expect(lines).toHaveLength(2)
    return lines.map((line) => JSON.parse(line) as { time: number; tags: string[]; text: string })
  })
  expect(marks.map(({ text }) => text).sort()).toEqual(['All is calm again', 'Something was changed'])
  expect(marks.map(({ tags }) => tags)).toEqual([[changeTag], [changeTag]])
  expect(marks[0]?.time).toBeGreaterThanOrEqual(beforeMs)
  expect(warnings).toEqual([])
})

test('a Grafana that is away costs a mark and a line, and nothing else', async () => {
  const { faults, warnings } = await faultsWith(await startRefusingServer())
  await faults.set('reservation-locking', setting)
  expect((await faults.list()).flags.filter(({ setting }) => setting !== undefined)).toHaveLength(1)
  await eventually('it says so', () =>
    expect(warnings).toEqual([expect.stringContaining('Grafana did not take a mark')]),
  )
})
